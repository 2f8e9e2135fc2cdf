package io.runnel.sharing;

import io.runnel.file.SoleLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Writes down how much was uploaded in each calendar month (UTC), so that a cap on it holds over restarts. What is about
 * to be uploaded is reserved and on disk before it is sent: a crash makes the count too high, by what was reserved and
 * not sent, and never too low. A clock that goes back gains nothing: what was counted under later dates then counts in the
 * present month too. One that jumps ahead over the end of the month is believed, as it cannot be told from a month without use.
 * What is reserved in a month and sent after its end, 16 MiB at most, counts in that month.
 *
 * <p>One client at a time may have a ledger open. Safe for use on any thread; methods that write block on the disk.
 */
public final class UploadLedger implements AutoCloseable {
    private final Path file;
    private final LedgerFile record;
    private final SoleLock lock;
    private final InstantSource clock;
    private final MonthlyVolume volume;

    /** Whether the clock has gone to another month since the last writing. */
    private boolean moved;

    /** What was reserved here since the month began, and not given back: no more can be, or it would be another month's. */
    private long reserved;

    private boolean closed;

    private UploadLedger(Path file, SoleLock lock, InstantSource clock) throws IOException {
        this.file = file;
        this.record = new LedgerFile(file);
        this.lock = lock;
        this.clock = clock;
        this.volume = record.read();
    }

    /**
     * Opens a ledger, which is made at its first reservation if it is not there. A file named {@code file.lock} stays
     * beside it.
     *
     * @throws IOException if another client has it open, if it is damaged, or if its folder cannot be written
     */
    public static UploadLedger open(Path file) throws IOException {
        return open(file, InstantSource.system());
    }

    static UploadLedger open(Path file, InstantSource clock) throws IOException {
        SoleLock lock = SoleLock.take(file.resolveSibling(file.getFileName() + ".lock"));
        if (lock == null) {
            throw new IOException("upload ledger " + file + " is in use: close the other client that has it open,"
                    + " or give this one another");
        }
        try {
            return new UploadLedger(file, lock, clock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Bytes counted in the present month, with what is reserved. */
    public synchronized long usedThisMonth() {
        look();
        return volume.used();
    }

    /**
     * Reserves room for uploads, for a swarm. It counts as uploaded from now on, and is on disk when this returns.
     *
     * @param bytes what is wanted, 1 or more
     * @param bytesPerMonth the cap, or {@link UploadPolicy#UNLIMITED}
     * @return what may be uploaded: 0 to {@code bytes}
     * @throws IOException if it cannot be written, or the ledger is closed; nothing is reserved then
     */
    public synchronized long reserve(long bytes, long bytesPerMonth) throws IOException {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + ", must be 1 or more");
        }
        checkOpen();
        look();
        long granted = Math.min(bytes, Math.max(0, bytesPerMonth - volume.used()));
        if (granted > 0 || moved) {
            volume.count(granted);
            try {
                write();
            } catch (IOException e) {
                volume.count(-granted);
                throw e;
            }
            reserved += granted;
        }
        return granted;
    }

    /**
     * Gives back what was reserved here and not uploaded. What was reserved before the month's end stays counted there.
     *
     * @param bytes 0 or more
     * @throws IOException if it cannot be written; it then counts as uploaded
     */
    public synchronized void giveBack(long bytes) throws IOException {
        checkOpen();
        look();
        long back = Math.min(bytes, reserved);
        if (back > 0) {
            reserved -= back;
            volume.count(-back);
            try {
                write();
            } catch (IOException e) {
                volume.count(back);
                throw e;
            }
        }
    }

    private void look() {
        if (volume.look(clock.instant())) {
            moved = true;
            reserved = 0;
        }
    }

    private void write() throws IOException {
        record.write(volume);
        moved = false;
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("upload ledger " + file + " is closed");
        }
    }

    /** Lets others open it. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        lock.close();
    }
}
