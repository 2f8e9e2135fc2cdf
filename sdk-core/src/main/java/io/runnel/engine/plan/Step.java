package io.runnel.engine.plan;

/**
 * What a plan wants done; the machine's state says so already.
 *
 * @param kind what to do
 * @param blob the blob it is about
 * @param request the request to make, or to take back
 */
public record Step(Kind kind, BlobPlan blob, Request request) {
    /** What to do with a request. */
    public enum Kind {
        /** Make it. */
        ASK,
        /** Take it back: what still comes is not wanted. */
        CANCEL,
        /** Take it back: its source has been silent for too long. */
        GIVE_UP
    }
}
