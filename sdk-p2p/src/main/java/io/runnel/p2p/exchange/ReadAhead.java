package io.runnel.p2p.exchange;

/**
 * Reads of the store under way, or waiting to be sent: within the allowance, and only a little ahead of what the transport
 * takes. What is read is spent from the allowance; what is then not sent goes back to it.
 */
final class ReadAhead {
    final Allowance allowance;
    private final Drain drain = new Drain();
    private final Outbox out;
    private long bytes;
    private long lastRead;

    ReadAhead(Allowance allowance, Outbox out) {
        this.allowance = allowance;
        this.out = out;
    }

    /** At the end of each input. */
    void seen(long now) {
        drain.seen(out.untakenBytes() > 0, now);
    }

    void taken(long taken) {
        drain.taken(taken);
    }

    int frameGroups() {
        return drain.frameGroups();
    }

    boolean hasRoom() {
        return out.untakenBytes() + bytes < drain.windowBytes();
    }

    /** A read of this many bytes begins; its name. */
    long begin(long size) {
        allowance.spend(size);
        bytes += size;
        return ++lastRead;
    }

    /** What was read is with the transport. */
    void sent(long size) {
        bytes -= size;
    }

    /** What was read, or being read, is of no use. */
    void notSent(long size) {
        bytes -= size;
        allowance.giveBack(size);
    }

    /** Nothing is sent any more. */
    void end() {
        allowance.giveBack(bytes);
        bytes = 0;
        allowance.lapse();
    }
}
