package io.runnel.store;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk takes writes. After a failure, a full disk for one, it is left alone for a second; then one write and
 * one force that succeed make it good again. Safe for use on any thread.
 */
final class DiskHealth {
    static final long RETRY_NANOS = 1_000_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

    private final LongSupplier nanoClock;
    private boolean bad;
    private boolean wroteAgain;
    private long retryAt;

    DiskHealth(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Whether it is worth trying to write. */
    synchronized boolean mayWrite() {
        return !bad || nanoClock.getAsLong() - retryAt >= 0;
    }

    /** Whether a force now would tell if it is good again. */
    synchronized boolean onProbation() {
        return bad && wroteAgain;
    }

    /** A write succeeded. */
    synchronized void wrote() {
        wroteAgain = bad;
    }

    /** All that was written was forced; whether that makes the disk good again. */
    synchronized boolean forced() {
        if (!onProbation()) {
            return false;
        }
        LOG.info("the store's disk takes writes again");
        bad = false;
        wroteAgain = false;
        return true;
    }

    /** A write or a force failed. */
    synchronized void failed(IOException failure) {
        if (!bad) {
            LOG.warn("the store's disk takes no writes; memory stands in for it: {}", failure.toString());
        }
        bad = true;
        wroteAgain = false;
        retryAt = nanoClock.getAsLong() + RETRY_NANOS;
    }
}
