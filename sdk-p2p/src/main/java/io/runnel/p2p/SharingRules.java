package io.runnel.p2p;

import io.runnel.p2p.exchange.Stance;
import io.runnel.sharing.NetworkConditions;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.SharingMode;
import io.runnel.sharing.UploadPolicy;
import io.runnel.sharing.UploadState;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds now of what the app, the app server, the network and the ledger say. Tells its host of each change. On the
 * loop, save {@link #mode}, {@link #uploads} and {@link #uploadedBytes}.
 */
final class SharingRules {
    private static final Logger LOG = LoggerFactory.getLogger(SharingRules.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Hears what is to be done. */
    interface Host {
        void modeChanged(SharingMode mode);

        void stanceChanged(Stance stance);
    }

    private final SharingControl control;
    private final OwnerLoop loop;
    private final Uploads uploads;
    private final VolumeReserve volume;
    private final Host host;
    private SharingMode serverMode = SharingMode.ON;
    private Stance stance = Stance.HIDE;
    private boolean metered;
    private boolean networkFailed;
    private SharingControl.@Nullable Subscription subscription;
    private volatile SharingMode mode = SharingMode.OFF;
    private volatile UploadState state = UploadState.MODE_OFF;
    private boolean closed;

    SharingRules(SharingControl control, OwnerLoop loop, Host host) {
        this.control = control;
        this.loop = loop;
        this.host = host;
        this.volume = new VolumeReserve(control.ledger().orElse(null), loop, this::volumeChanged);
        this.uploads = new Uploads(loop, volume);
    }

    /** The first look at the rules; once. */
    void start() {
        subscription = control.onChange(() -> loop.execute(this::reconsider));
        look();
    }

    /** The app server wants this of its clients. */
    void serverMode(SharingMode value) {
        serverMode = value;
        reconsider();
    }

    /** From any thread. */
    long uploadedBytes() {
        return uploads.permitted();
    }

    Uploads uploadsDesk() {
        return uploads;
    }

    /** What conversations are to keep to. */
    Stance stance() {
        return stance;
    }

    /** The stricter of the app's mode and the app server's. From any thread. */
    SharingMode mode() {
        return mode;
    }

    /** From any thread. */
    UploadState uploads() {
        return state;
    }

    private void look() {
        if (closed) {
            return;
        }
        metered = metered();
        reconsider();
        if (control.network() != NetworkConditions.UNMETERED) {
            loop.at(loop.nanos() + LOOK_NANOS, this::look);
        }
    }

    private boolean metered() {
        try {
            return control.network().metered();
        } catch (RuntimeException e) {
            if (!networkFailed) {
                networkFailed = true;
                LOG.warn(
                        "the app's network conditions failed, and count as metered while they do; further failures are not logged",
                        e);
            }
            return true;
        }
    }

    private void volumeChanged() {
        uploads.volumeChanged();
        reconsider();
    }

    private void reconsider() {
        if (closed) {
            return;
        }
        UploadPolicy policy = control.policy();
        SharingMode next = control.mode().stricter(serverMode);
        UploadState allowed = UploadState.of(next, policy, metered);
        volume.cap(policy.bytesPerMonth());
        volume.wanted(allowed == UploadState.ALLOWED);
        uploads.policy(policy);
        state = allowed == UploadState.ALLOWED ? withVolume(volume.state()) : allowed;
        Stance nextStance = stanceFor(state);
        if (nextStance != stance) {
            stance = nextStance;
            LOG.debug("uploads: {}", state);
            host.stanceChanged(nextStance);
        }
        if (next != mode) {
            mode = next;
            LOG.debug("mode: {}", next);
            host.modeChanged(next);
        }
    }

    private static UploadState withVolume(VolumeReserve.State room) {
        return switch (room) {
            case ROOM -> UploadState.ALLOWED;
            case USED_UP -> UploadState.MONTH_USED_UP;
            case FAILED -> UploadState.LEDGER_FAILED;
        };
    }

    private static Stance stanceFor(UploadState state) {
        return switch (state) {
            case ALLOWED -> Stance.SERVE;
            case MODE_SHADOW -> Stance.SHOW;
            default -> Stance.HIDE;
        };
    }

    void close() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
        volume.close();
    }

    /** Waits for the ledger to be written. From any thread but the loop. */
    void awaitEnd() {
        volume.awaitEnd();
    }
}
