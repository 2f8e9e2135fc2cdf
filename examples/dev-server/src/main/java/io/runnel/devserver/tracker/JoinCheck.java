package io.runnel.devserver.tracker;

import io.runnel.p2p.signalling.message.ClientMessage.Join;

/** Decides who may join. */
@FunctionalInterface
interface JoinCheck {
    /**
     * Judges a request.
     *
     * @param nonce the challenge of the connection the request came on; neither kept nor changed
     * @param nowMillis milliseconds since 1970
     */
    Verdict judge(Join join, byte[] nonce, long nowMillis);
}
