package io.runnel.cli.client;

import io.runnel.Runnel;
import java.io.IOException;

final class Adapters {
    private Adapters() {}
    static void attach(Runnel.Builder builder, ServerAccess access, SessionSettings settings) throws IOException {}
}
