package io.runnel.sharing;

/**
 * What a client may upload to its peers. Immutable. The default allows nothing: an app builds a policy with
 * {@link Builder#consented} once the viewer has agreed.
 *
 * <p>Rates and volumes count the bytes of blobs and hash trees that are sent. The network's own headers come on top, about
 * 7 % on an Internet path; so do a few bytes of protocol for each message.
 */
public final class UploadPolicy {
    /** Stands for no limit, of rate and of volume. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Peers served at a time where nothing is said: enough to fill a home uplink, few enough that each gets something. */
    public static final int DEFAULT_SLOTS = 8;

    /** The lowest rate, in bytes a second. With less, peers would give up waiting for what they asked for. */
    public static final long LEAST_RATE = 64 << 10;

    private static final int MOST_SLOTS = 64;

    private final boolean consented;
    private final boolean downloadOnly;
    private final boolean pauseOnMetered;
    private final int slots;
    private final long bytesPerSecond;
    private final long bytesPerMonth;

    private UploadPolicy(Builder builder) {
        this.consented = builder.consented;
        this.downloadOnly = builder.downloadOnly;
        this.pauseOnMetered = builder.pauseOnMetered;
        this.slots = builder.slots;
        this.bytesPerSecond = builder.bytesPerSecond;
        this.bytesPerMonth = builder.bytesPerMonth;
    }

    /** A policy with the defaults: no consent, so no upload. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether the viewer has agreed to uploading. */
    public boolean consented() {
        return consented;
    }

    /** Whether nothing is uploaded, consent or not. */
    public boolean downloadOnly() {
        return downloadOnly;
    }

    /** Whether nothing is uploaded while the network is metered. */
    public boolean pauseOnMetered() {
        return pauseOnMetered;
    }

    /** How many peers are served at a time, 1 to 64. */
    public int slots() {
        return slots;
    }

    /** The cap on the rate, or {@link #UNLIMITED}. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** The cap on a calendar month's volume, or {@link #UNLIMITED}. */
    public long bytesPerMonth() {
        return bytesPerMonth;
    }

    /** A builder that starts from this policy. */
    public Builder toBuilder() {
        return new Builder()
                .consented(consented)
                .downloadOnly(downloadOnly)
                .pauseOnMetered(pauseOnMetered)
                .slots(slots)
                .bytesPerSecond(bytesPerSecond)
                .bytesPerMonth(bytesPerMonth);
    }

    @Override
    public String toString() {
        return "UploadPolicy[consented=" + consented + ", downloadOnly=" + downloadOnly + ", pauseOnMetered="
                + pauseOnMetered + ", slots=" + slots + ", bytesPerSecond=" + limit(bytesPerSecond)
                + ", bytesPerMonth=" + limit(bytesPerMonth) + "]";
    }

    private static String limit(long value) {
        return value == UNLIMITED ? "unlimited" : Long.toString(value);
    }

    /** Gathers the settings of a policy. */
    public static final class Builder {
        private boolean consented;
        private boolean downloadOnly;
        private boolean pauseOnMetered = true;
        private int slots = DEFAULT_SLOTS;
        private long bytesPerSecond = UNLIMITED;
        private long bytesPerMonth = UNLIMITED;

        private Builder() {}

        /** Whether the viewer has agreed to uploading; false where nothing is said. */
        public Builder consented(boolean agreed) {
            consented = agreed;
            return this;
        }

        /**
         * Whether to fetch from peers and give them nothing, whatever the viewer agreed to: for a device whose battery
         * or uplink is needed. False where nothing is said.
         */
        public Builder downloadOnly(boolean only) {
            downloadOnly = only;
            return this;
        }

        /** Whether uploading pauses on a metered network; true where nothing is said. Downloading goes on either way. */
        public Builder pauseOnMetered(boolean pause) {
            pauseOnMetered = pause;
            return this;
        }

        /**
         * How many peers are served at a time; {@value #DEFAULT_SLOTS} where nothing is said. Others take turns.
         *
         * @param count 1 to 64
         */
        public Builder slots(int count) {
            if (count < 1 || count > MOST_SLOTS) {
                throw new IllegalArgumentException("slots: " + count + ", must be 1 to " + MOST_SLOTS);
            }
            slots = count;
            return this;
        }

        /**
         * The most that is uploaded in a second, to all peers together; {@link #UNLIMITED} where nothing is said. Over
         * any ten seconds what is sent stays within 5 % of it.
         *
         * @param rate at least {@link #LEAST_RATE}; to upload nothing use {@link #downloadOnly}
         */
        public Builder bytesPerSecond(long rate) {
            if (rate < LEAST_RATE) {
                throw new IllegalArgumentException("bytesPerSecond: " + rate + ", must be at least " + LEAST_RATE);
            }
            bytesPerSecond = rate;
            return this;
        }

        /**
         * The most that is uploaded in a calendar month (UTC); {@link #UNLIMITED} where nothing is said. It needs an
         * {@link UploadLedger}.
         *
         * @param volume 0 or more
         */
        public Builder bytesPerMonth(long volume) {
            if (volume < 0) {
                throw new IllegalArgumentException("bytesPerMonth: " + volume + ", must be 0 or more");
            }
            bytesPerMonth = volume;
            return this;
        }

        /** The policy. */
        public UploadPolicy build() {
            return new UploadPolicy(this);
        }
    }
}
