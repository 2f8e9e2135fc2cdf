package io.runnel.crypto.cipher;

import java.util.Arrays;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** ChaCha20 by Bouncy Castle's lightweight engine: always there, never the fastest. */
final class BouncyCastleChaCha20 implements ChaCha20 {
    private static final int BLOCK_BYTES = 64;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    @Override
    public String name() {
        return "bouncycastle";
    }

    @Override
    public Keystream keystream(byte[] key, byte[] nonce) {
        ChaCha7539Engine engine = new ChaCha7539Engine();
        init(engine, key, nonce);
        return new Stream(engine);
    }

    private static void init(ChaCha7539Engine engine, byte[] key, byte[] nonce) {
        KeyParameter parameter = new KeyParameter(key);
        engine.init(true, new ParametersWithIV(parameter, nonce));
        Arrays.fill(parameter.getKey(), (byte) 0);
    }

    private record Stream(ChaCha7539Engine engine) implements Keystream {
        @Override
        public void xor(long block, byte[] bytes, int off, int length) {
            engine.seekTo(block * BLOCK_BYTES);
            engine.processBytes(bytes, off, length, bytes, off);
        }

        @Override
        public void close() {
            init(engine, new byte[KEY_BYTES], new byte[NONCE_BYTES]);
        }
    }
}
