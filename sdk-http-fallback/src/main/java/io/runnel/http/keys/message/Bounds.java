package io.runnel.http.keys.message;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;

/** The ranges of the fields, checked by the messages' constructors. */
final class Bounds {
    private Bounds() {}

    static void number(String field, long value) {
        if (value < 0 || value > KeysProtocol.MAX_NUMBER) {
            throw new IllegalArgumentException(field + ": must be 0 to " + KeysProtocol.MAX_NUMBER);
        }
    }

    static void secret32(String field, SecretBytes secret) {
        if (secret.size() != 32) {
            throw new IllegalArgumentException(field + ": " + secret.size() + " bytes, must be 32");
        }
    }

    static void token(SecretBytes token) {
        if (token.size() < 1 || token.size() > KeysProtocol.MAX_TOKEN_CHARS || !token.read(Bounds::isVisibleAscii)) {
            throw new IllegalArgumentException(
                    "token: must be 1 to " + KeysProtocol.MAX_TOKEN_CHARS + " visible ASCII characters");
        }
    }

    private static boolean isVisibleAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b <= ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }

    /** A read-only view of the remaining bytes, its position 0. */
    static ByteBuffer sealed(String field, ByteBuffer bytes) {
        if (bytes.remaining() < 1 || bytes.remaining() > KeysProtocol.MAX_SEALED_BYTES) {
            throw new IllegalArgumentException(
                    field + ": " + bytes.remaining() + " bytes, must be 1 to " + KeysProtocol.MAX_SEALED_BYTES);
        }
        return bytes.slice().asReadOnlyBuffer();
    }
}
