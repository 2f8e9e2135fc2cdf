package io.runnel.sharing;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The app's hand on what its swarm does: mode and upload policy, changed at any time and in effect within a second. Given
 * to the swarm's builder; one control may be given to several swarms, each of which then keeps to it by itself. Safe for
 * use on any thread.
 *
 * <p>A fresh control fetches from peers and uploads nothing. The app server's mode does not show here: the swarm hears of
 * it through its admission and keeps to the stricter of the two.
 */
public final class SharingControl {
    /** Something to take back. */
    public interface Subscription extends AutoCloseable {
        /** Idempotent; a call may be under way on another thread. */
        @Override
        void close();
    }

    private final NetworkConditions network;
    private final @Nullable UploadLedger ledger;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile SharingMode mode;
    private volatile UploadPolicy policy;

    private SharingControl(Builder builder) {
        this.network = builder.network;
        this.ledger = builder.ledger;
        this.mode = builder.mode;
        this.policy = checked(builder.policy, builder.ledger);
    }

    /** A control that fetches from peers and uploads nothing. */
    public static SharingControl create() {
        return builder().build();
    }

    /** Starts the settings of a control. */
    public static Builder builder() {
        return new Builder();
    }

    /** The mode the app set. */
    public SharingMode mode() {
        return mode;
    }

    /** Sets the mode. Returns at once. */
    public void mode(SharingMode value) {
        mode = Objects.requireNonNull(value, "mode");
        changed();
    }

    /** The policy the app set. */
    public UploadPolicy policy() {
        return policy;
    }

    /**
     * Sets the policy. Returns at once.
     *
     * @throws IllegalArgumentException if it caps the month's volume and the control has no ledger
     */
    public void policy(UploadPolicy value) {
        policy = checked(Objects.requireNonNull(value, "policy"), ledger);
        changed();
    }

    /** What is known of the network. */
    public NetworkConditions network() {
        return network;
    }

    /** Where the month's uploads are written down, if anywhere. */
    public Optional<UploadLedger> ledger() {
        return Optional.ofNullable(ledger);
    }

    /** Calls {@code listener} after each change of mode or policy, on the thread that made it; it returns quickly. */
    public Subscription onChange(Runnable listener) {
        Listener added = new Listener(Objects.requireNonNull(listener, "listener"));
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    private void changed() {
        listeners.forEach(each -> each.action.run());
    }

    private static UploadPolicy checked(UploadPolicy policy, @Nullable UploadLedger ledger) {
        if (policy.bytesPerMonth() != UploadPolicy.UNLIMITED && ledger == null) {
            throw new IllegalArgumentException("bytesPerMonth: needs a ledger to be held to; give the control one");
        }
        return policy;
    }

    /** Equal only to itself, so that closing one of two equal subscriptions closes that one. */
    private static final class Listener {
        final Runnable action;

        Listener(Runnable action) {
            this.action = action;
        }
    }

    /** Gathers the settings of a control. */
    public static final class Builder {
        private SharingMode mode = SharingMode.ON;
        private UploadPolicy policy = UploadPolicy.builder().build();
        private NetworkConditions network = NetworkConditions.UNMETERED;
        private @Nullable UploadLedger ledger;

        private Builder() {}

        /** The mode to begin with; {@link SharingMode#ON} where nothing is said. */
        public Builder mode(SharingMode value) {
            mode = Objects.requireNonNull(value, "mode");
            return this;
        }

        /** The policy to begin with; where nothing is said, one that uploads nothing. */
        public Builder policy(UploadPolicy value) {
            policy = Objects.requireNonNull(value, "policy");
            return this;
        }

        /** What is known of the network; where nothing is said, that it is not metered. */
        public Builder network(NetworkConditions conditions) {
            network = Objects.requireNonNull(conditions, "network");
            return this;
        }

        /** Where the month's uploads are written down; the app closes it, after the swarm. None where nothing is said. */
        public Builder ledger(UploadLedger value) {
            ledger = Objects.requireNonNull(value, "ledger");
            return this;
        }

        /**
         * The control.
         *
         * @throws IllegalArgumentException if the policy caps the month's volume and there is no ledger
         */
        public SharingControl build() {
            return new SharingControl(this);
        }
    }
}
