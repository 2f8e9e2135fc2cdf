package io.runnel.p2p.exchange;

/**
 * Bytes that may be sent: as many as are asked for, or only those that were permitted. What was permitted and not spent
 * stays, up to one piece, while there is anything to send: were it kept for later, peers could gather permits and have
 * them all used at once, past the rate. What does not stay is given back.
 */
final class Allowance {
    private final boolean governed;
    private final Outbox out;
    private long left;
    private long wanted;

    /** @param governed whether permits are needed */
    Allowance(boolean governed, Outbox out) {
        this.governed = governed;
        this.out = out;
    }

    void permit(long bytes) {
        wanted = 0;
        add(bytes);
    }

    private void add(long bytes) {
        long sum = left + bytes;
        left = Math.min(ExchangeProtocol.MAX_PIECE_BYTES, sum);
        unused(sum - left);
    }

    private void unused(long bytes) {
        if (bytes > 0) {
            out.add(new ExchangeEffect.Unused(bytes));
        }
    }

    /** Whether so much may be sent. */
    boolean covers(long bytes) {
        return !governed || bytes <= left;
    }

    /** How much of this may be sent. */
    long most(long bytes) {
        return governed ? Math.min(bytes, left) : bytes;
    }

    void spend(long bytes) {
        if (governed) {
            left -= bytes;
        }
    }

    /** What was spent was not sent. */
    void giveBack(long bytes) {
        if (governed) {
            add(bytes);
        }
    }

    /** There is nothing to send. */
    void lapse() {
        unused(left);
        left = 0;
    }

    /** Asks for what is missing to send so much next, unless that was asked for already; 0 asks for nothing any more. */
    void want(long bytes) {
        long missing = governed ? Math.max(0, bytes - left) : 0;
        if (missing != wanted) {
            wanted = missing;
            out.add(new ExchangeEffect.Wants(missing));
        }
    }
}
