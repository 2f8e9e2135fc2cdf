package io.runnel.engine;

import java.io.IOException;

/** What a store threw, as what it should have thrown. */
final class StoreFailures {
    private StoreFailures() {}

    static IOException of(Throwable thrown) {
        return thrown instanceof IOException known ? known : new IOException("it threw " + thrown, thrown);
    }
}
