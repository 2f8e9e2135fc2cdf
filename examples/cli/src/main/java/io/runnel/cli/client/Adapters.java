package io.runnel.cli.client;

import io.runnel.Runnel;
import io.runnel.http.HttpOrigin;
import io.runnel.http.TlsSettings;
import java.io.IOException;

/** Puts the adapters of one server together and hands them to a client's builder. */
final class Adapters {
    /** Where the dev server's origin keeps blobs. */
    private static final String BUCKET = "blobs";

    private Adapters() {}

    static void attach(Runnel.Builder builder, ServerAccess access, SessionSettings settings) throws IOException {
        TlsSettings tls = TlsSettings.builder().trustPem(access.authority()).build();
        if (settings.origin()) {
            builder.source(HttpOrigin.at(access.server(), BUCKET).tls(tls).build());
        }
    }
}
