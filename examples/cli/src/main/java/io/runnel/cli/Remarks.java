package io.runnel.cli;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.source.SourceInfo;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the user of what goes wrong on the way, though the fetch goes on. */
final class Remarks implements FetchListener {
    private final PrintWriter out;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    Remarks(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void rejected(BlobId blob, SourceInfo source, String what) {
        if (named.add(source.id())) {
            out.println("runnel: " + source.id() + " was dropped: " + what);
            out.flush();
        }
    }
}
