package io.runnel.crypto.keys;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.hash.Blake3;
import java.nio.charset.StandardCharsets;

/** Makes client ids. */
public final class ClientIds {
    private static final String CONTEXT = "runnel 2026 client id v1";

    private ClientIds() {}

    /** The id of the client that the app server knows by this name. */
    public static ClientId ofName(String name) {
        return ClientId.of(Blake3.deriveKey(CONTEXT, name.getBytes(StandardCharsets.UTF_8)));
    }
}
