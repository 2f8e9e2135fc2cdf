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

    private final String place;
    private final LongSupplier nanoClock;
    private boolean bad;
    private String failed = "";
    private boolean wroteAgain;
    private long retryAt;

    /**
     * Of a disk that takes writes.
     *
     * @param place where it is, for messages
     */
    DiskHealth(String place, LongSupplier nanoClock) {
        this.place = place;
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

    /** Why something is in memory only, and what to do. */
    synchronized String trouble() {
        return bad
                ? place + " takes no writes (" + failed
                        + "): check its disk, or make room on it, or choose another folder"
                : "all of " + place + " is being read";
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
            LOG.warn(
                    "{} takes no writes, memory stands in for it: {}; check its disk, or make room on it",
                    place,
                    failure.toString());
        }
        bad = true;
        failed = String.valueOf(failure.getMessage());
        wroteAgain = false;
        retryAt = nanoClock.getAsLong() + RETRY_NANOS;
    }
}
