package io.runnel.p2p;

import io.runnel.p2p.upload.UploadDecision;
import io.runnel.p2p.upload.UploadGovernor;
import io.runnel.sharing.UploadPolicy;
import java.util.List;

/** Brings the wishes of all conversations to one governor, and its decisions back to them. On the loop. */
final class Uploads {
    private final OwnerLoop loop;
    private final VolumeReserve volume;
    private final UploadGovernor<Conversation> governor = new UploadGovernor<>();
    private final Alarm alarm;
    private boolean deciding;
    private long wakeAsked = Long.MAX_VALUE;

    /** Read on any thread. */
    private volatile long permitted;

    /** @param volume where room in the month comes from */
    Uploads(OwnerLoop loop, VolumeReserve volume) {
        this.loop = loop;
        this.volume = volume;
        this.alarm = new Alarm(loop, this::wake);
        governor.volume(volume.left());
    }

    /** The policy has changed, or is there for the first time. */
    void policy(UploadPolicy policy) {
        governor.limits(policy.bytesPerSecond(), policy.slots());
        decide();
    }

    /** There is more or less room in the month. */
    void volumeChanged() {
        governor.volume(volume.left());
        decide();
    }

    void wants(Conversation conversation, long bytes) {
        governor.want(conversation, bytes, loop.nanos());
        decide();
    }

    /** So much of what was permitted is not sent. */
    void unused(long bytes) {
        governor.giveBack(bytes, loop.nanos());
        decide();
    }

    void left(Conversation conversation) {
        governor.left(conversation);
        decide();
    }

    /** Bytes permitted so far and not given back. From any thread. */
    long permitted() {
        return permitted;
    }

    /** A permit makes a conversation want more, which brings it here again: that is then decided in the same round. */
    private void decide() {
        if (deciding) {
            return;
        }
        deciding = true;
        try {
            List<UploadDecision<Conversation>> decisions = governor.decide(loop.nanos());
            while (!decisions.isEmpty()) {
                decisions.forEach(this::carryOut);
                decisions = governor.decide(loop.nanos());
            }
        } finally {
            deciding = false;
        }
        permitted = governor.permitted();
        volume.spent(governor.volumeLeft());
        askToWake();
    }

    private void carryOut(UploadDecision<Conversation> decision) {
        if (decision.declines()) {
            decision.peer().decline(decision.retryAfterMillis());
        } else {
            decision.peer().permit(decision.bytes());
        }
    }

    private void askToWake() {
        long at = governor.wakeNanos();
        if (at < wakeAsked) {
            wakeAsked = at;
            alarm.set(at);
        }
    }

    private void wake() {
        wakeAsked = Long.MAX_VALUE;
        decide();
    }
}
