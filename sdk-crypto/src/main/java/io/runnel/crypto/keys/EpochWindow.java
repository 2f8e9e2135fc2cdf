package io.runnel.crypto.keys;

/**
 * An epoch and when its key may be used, in milliseconds since 1970 by the server's clock.
 *
 * @param epochId the epoch's number, 0 or more
 * @param notBeforeMillis its start
 * @param notAfterMillis its end, later than its start; its key is not used for new envelopes from then on
 * @param graceUntilMillis until when envelopes sealed before its end still open: at its end, or up to one epoch later
 */
public record EpochWindow(long epochId, long notBeforeMillis, long notAfterMillis, long graceUntilMillis) {
    /** Rejects times out of order and a grace longer than the epoch. */
    public EpochWindow {
        if (epochId < 0 || notBeforeMillis < 0 || notAfterMillis <= notBeforeMillis) {
            throw new IllegalArgumentException("epoch " + epochId + ": must be 0 or more and end after its start");
        }
        if (graceUntilMillis < notAfterMillis || graceUntilMillis - notAfterMillis > notAfterMillis - notBeforeMillis) {
            throw new IllegalArgumentException("epoch " + epochId + ": grace must be 0 to one epoch long");
        }
    }
}
