package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.sharing.UploadLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeReserveTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final OwnerLoop loop = new OwnerLoop();
    private UploadLedger ledger;
    private VolumeReserve volume;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        ledger = UploadLedger.open(folder.resolve("uploads"));
        volume = new VolumeReserve(ledger, loop, () -> {});
    }

    @AfterEach
    void close() throws Exception {
        loop.close();
        ledger.close();
    }

    private <T> T onLoop(Supplier<T> call) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(call.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(20, TimeUnit.SECONDS);
    }

    private void doOnLoop(Runnable call) throws Exception {
        assertThat(onLoop(() -> {
                    call.run();
                    return true;
                }))
                .isTrue();
    }

    private void awaitLeft(long bytes) {
        await().atMost(LIMIT).until(() -> onLoop(volume::left), left -> left == bytes);
    }

    @Test
    void anything_afterClose_changesNothingAndThrowsNothing() throws Exception {
        doOnLoop(() -> volume.wanted(true));
        awaitLeft(VolumeReserve.STEP_BYTES);
        doOnLoop(() -> {
            // With this little left more is being reserved when it closes.
            volume.spent(1000);
            volume.close();
            volume.close();
            volume.spent(0);
            volume.spent(5000);
            volume.cap(77);
            volume.wanted(true);
        });
        volume.awaitEnd();
        // Whatever was reserved meanwhile has come back to the loop.
        doOnLoop(() -> {});
        assertThat(onLoop(volume::left)).isZero();
        assertThat(ledger.usedThisMonth())
                .isBetween(VolumeReserve.STEP_BYTES - 1000, 2 * VolumeReserve.STEP_BYTES - 1000);
    }

    @Test
    void spent_littleIsLeft_reservesWhatIsMissing() throws Exception {
        doOnLoop(() -> volume.wanted(true));
        awaitLeft(VolumeReserve.STEP_BYTES);
        doOnLoop(() -> volume.spent(7 << 20));
        awaitLeft(VolumeReserve.STEP_BYTES);
        assertThat(ledger.usedThisMonth()).isEqualTo(VolumeReserve.STEP_BYTES + (9 << 20));
    }

    @Test
    void spent_givenBackWhileThereIsRoom_staysHere() throws Exception {
        doOnLoop(() -> volume.wanted(true));
        awaitLeft(VolumeReserve.STEP_BYTES);
        doOnLoop(() -> {
            volume.spent(12 << 20);
            volume.spent(13 << 20);
        });
        assertThat(onLoop(volume::left)).isEqualTo(13 << 20);
        assertThat(ledger.usedThisMonth()).isEqualTo(VolumeReserve.STEP_BYTES);
    }

    /** Under a cap that was lowered since it was permitted, it must not be sent after all. */
    @Test
    void spent_givenBackWhereNothingIsLeft_goesToTheLedger() throws Exception {
        doOnLoop(() -> volume.wanted(true));
        awaitLeft(VolumeReserve.STEP_BYTES);
        doOnLoop(() -> volume.spent(10 << 20));
        doOnLoop(() -> volume.cap(1 << 20));
        await().atMost(LIMIT).until(() -> onLoop(volume::state), state -> state == VolumeReserve.State.USED_UP);
        doOnLoop(() -> volume.spent(1 << 17));
        assertThat(onLoop(volume::left)).isZero();
        assertThat(onLoop(volume::state)).isEqualTo(VolumeReserve.State.USED_UP);
        await().atMost(LIMIT).until(() -> ledger.usedThisMonth() == (6 << 20) - (1 << 17));
    }

    @Test
    void cap_changedAgainAndAgainWhereTheMonthIsUsedUp_leavesOneTimer() throws Exception {
        doOnLoop(() -> volume.cap(0));
        doOnLoop(() -> volume.wanted(true));
        for (int i = 1; i < 20; i++) {
            await().atMost(LIMIT).until(() -> onLoop(volume::state), state -> state == VolumeReserve.State.USED_UP);
            int cap = i;
            doOnLoop(() -> volume.cap(cap));
        }
        await().atMost(LIMIT).until(() -> onLoop(volume::state), state -> state == VolumeReserve.State.USED_UP);
        assertThat(onLoop(loop::waiting)).isEqualTo(1);
        doOnLoop(volume::close);
        assertThat(onLoop(loop::waiting)).isZero();
    }

    /** A metered spell must not outlast itself: what was used up before it may be there after it. */
    @Test
    void wanted_againAfterTheMonthWasUsedUp_triesAtOnce() throws Exception {
        long elsewhere = ledger.reserve(VolumeReserve.STEP_BYTES, VolumeReserve.STEP_BYTES);
        doOnLoop(() -> {
            volume.cap(VolumeReserve.STEP_BYTES);
            volume.wanted(true);
        });
        await().atMost(LIMIT).until(() -> onLoop(volume::state), state -> state == VolumeReserve.State.USED_UP);
        assertThat(onLoop(loop::waiting)).isEqualTo(1);
        doOnLoop(() -> volume.wanted(false));
        assertThat(onLoop(loop::waiting)).isZero();
        ledger.giveBack(elsewhere);
        doOnLoop(() -> volume.wanted(true));
        awaitLeft(VolumeReserve.STEP_BYTES);
        assertThat(onLoop(volume::state)).isEqualTo(VolumeReserve.State.ROOM);
    }

    /** Else what is left over would be offered, permitted, refused and given back again and again. */
    @Test
    void spent_littleIsGivenBackOnceTheMonthIsUsedUp_doesNotBeginAgain() throws Exception {
        long cap = VolumeReserve.STEP_BYTES + (2 << 20);
        doOnLoop(() -> {
            volume.cap(cap);
            volume.wanted(true);
        });
        awaitLeft(VolumeReserve.STEP_BYTES);
        doOnLoop(() -> volume.spent(1 << 20));
        awaitLeft(3 << 20);
        doOnLoop(() -> volume.spent(2 << 20));
        assertThat(onLoop(volume::state)).isEqualTo(VolumeReserve.State.ROOM);
        await().atMost(LIMIT).until(() -> {
            doOnLoop(() -> volume.spent(0));
            return onLoop(volume::state) == VolumeReserve.State.USED_UP;
        });
        doOnLoop(() -> volume.spent(500_000));
        assertThat(onLoop(volume::state)).isEqualTo(VolumeReserve.State.USED_UP);
        await().atMost(LIMIT).until(() -> ledger.usedThisMonth() == cap - 500_000);
        // Another cap is another matter.
        doOnLoop(() -> volume.cap(cap + 1));
        awaitLeft(500_001);
        assertThat(onLoop(volume::state)).isEqualTo(VolumeReserve.State.ROOM);
    }
}
