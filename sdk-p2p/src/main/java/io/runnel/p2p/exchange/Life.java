package io.runnel.p2p.exchange;

import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeEffect.Failure;
import io.runnel.source.SourceException;
import java.util.function.Consumer;

/** Whether a conversation has begun, is being worn out, or is over. It ends once, with one goodbye at most. */
final class Life {
    private final Outbox out;
    private final Consumer<Failure> ending;
    private boolean open;
    private boolean greeted;
    private boolean draining;
    private boolean over;
    private long helloByNanos = Long.MAX_VALUE;
    private long drainedByNanos = Long.MAX_VALUE;

    /** @param ending ends all that is under way; called once, before the closed effect */
    Life(Outbox out, Consumer<Failure> ending) {
        this.out = out;
        this.ending = ending;
    }

    /** The channel is open. */
    void open(long now) {
        open = true;
        helloByNanos = now + ExchangeProtocol.HELLO_NANOS;
    }

    boolean isOpen() {
        return open;
    }

    /** The peer has said hello. */
    void greet() {
        greeted = true;
    }

    boolean greeted() {
        return greeted;
    }

    /** The connection is to be replaced: it ends when nothing is under way, or after a while. */
    void drain(long now) {
        if (!draining) {
            draining = true;
            drainedByNanos = now + ExchangeProtocol.DRAIN_NANOS;
        }
    }

    boolean draining() {
        return draining;
    }

    boolean over() {
        return over;
    }

    /** Ends what has had its time. */
    void check(boolean idle, long now) {
        if (!greeted && now >= helloByNanos) {
            goodbye(Frame.Bye.Parting.REFUSED, "peer said no hello", Ending.PARTED);
        }
        if (draining && (idle || now >= drainedByNanos)) {
            goodbye(Frame.Bye.Parting.RECONNECT, "connection was worn out", Ending.RECONNECT);
        }
    }

    long wakeNanos() {
        return Math.min(drainedByNanos, greeted ? Long.MAX_VALUE : helloByNanos);
    }

    void goodbye(Frame.Bye.Parting reason, String why, Ending then) {
        if (over) {
            return;
        }
        if (open) {
            out.send(new Frame.Bye(reason));
        }
        end(new Failure(SourceException.Reason.CLOSED, "peer connection was closed"), why, then);
    }

    void end(Failure failure, String why, Ending then) {
        if (over) {
            return;
        }
        over = true;
        ending.accept(failure);
        out.add(new ExchangeEffect.Closed(why, then));
    }
}
