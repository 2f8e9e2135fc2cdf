package io.runnel.crypto.keys;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.hash.Blake3;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Makes client ids. */
public final class ClientIds {
    private static final String CONTEXT = "runnel 2026 client id v1";

    private ClientIds() {}

    /**
     * The id of the client that the app server knows by this name.
     *
     * @throws IllegalArgumentException if the name is no text: half of a surrogate pair would be another name's id
     */
    public static ClientId ofName(String name) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return ClientId.of(Blake3.deriveKey(CONTEXT, bytes));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("name: has half of a surrogate pair, must be text", e);
        }
    }
}
