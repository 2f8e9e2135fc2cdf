package io.runnel.p2p;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Rings once, at the time it was last set to: what a machine that asks to be woken needs. On the loop. */
final class Alarm {
    private final OwnerLoop loop;
    private final Runnable ringing;
    private @Nullable Future<?> set;

    Alarm(OwnerLoop loop, Runnable ringing) {
        this.loop = loop;
        this.ringing = ringing;
    }

    /** Rings at this time of the loop's clock, and no more at the time it was set to before. */
    void set(long nanos) {
        cancel();
        set = loop.schedule(nanos, ringing);
    }

    /** Does not ring, until it is set again. */
    void cancel() {
        if (set != null) {
            set.cancel(false);
        }
    }
}
