package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.identity.SwarmIds;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.SharingMode;
import io.runnel.sharing.UploadLedger;
import io.runnel.sharing.UploadPolicy;
import io.runnel.sharing.UploadState;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.TestBlob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether two real peers in this process exchange a blob, by what app, app server, network and ledger say. */
class SharingTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final TestBlob BLOB = TestBlob.random(1, 3 << 20);
    private static final GroupRange ALL = new GroupRange(0, BLOB.groups());
    private static final UploadPolicy AGREED =
            UploadPolicy.builder().consented(true).build();

    /** Slow enough that no test sees the end of the blob. */
    private static final UploadPolicy SLOW =
            AGREED.toBuilder().bytesPerSecond(200_000).build();

    private final LocalSwarm local = new LocalSwarm();
    private final Sources sources = new Sources();

    @AfterEach
    void close() throws Exception {
        local.close();
    }

    private WebRtcSwarm seeder(SharingControl sharing) {
        WebRtcSwarm seeder = local.member(sharing).swarm();
        seeder.attach(BLOB.shared(), new Sources());
        return seeder;
    }

    private WebRtcSwarm viewer(SharingControl sharing) {
        WebRtcSwarm viewer = local.member(sharing).swarm();
        viewer.attach(BLOB.shared(GroupSet.empty()), sources);
        return viewer;
    }

    private static SharingControl control(UploadPolicy policy) {
        return SharingControl.builder().policy(policy).build();
    }

    private static void awaitConnection(WebRtcSwarm swarm) {
        await().atMost(LIMIT).until(() -> swarm.status().connections().open() == 1);
    }

    private void awaitSource() {
        await().atMost(LIMIT).until(() -> sources.present.size() == 1);
    }

    private Fetching underWay() throws Exception {
        Fetching fetching = Fetching.of(sources.first(), ALL);
        await().atMost(LIMIT).until(() -> fetching.bytes.get() > 0);
        return fetching;
    }

    private void assertNoSourceFor(Duration time) {
        await().during(time).atMost(LIMIT).until(sources.present::isEmpty);
    }

    @Test
    void consent_absentThenGiven_servesOnlyFromThenOn() throws Exception {
        SharingControl control = SharingControl.create();
        WebRtcSwarm seeder = seeder(control);
        WebRtcSwarm viewer = viewer(SharingControl.create());
        awaitConnection(viewer);
        assertNoSourceFor(SECOND);
        assertThat(seeder.status().uploads()).isEqualTo(UploadState.NO_CONSENT);
        assertThat(seeder.status().uploadedBytes()).isZero();
        control.policy(AGREED);
        Fetching.of(sources.first(), ALL).end.get(60, TimeUnit.SECONDS);
        assertThat(seeder.status().uploadedBytes()).isEqualTo(BLOB.bytes().length);
        assertThat(viewer.status().uploadedBytes()).isZero();
    }

    @Test
    void consent_withdrawnMidway_endsTheUploadWithinASecond() throws Exception {
        SharingControl control = control(SLOW);
        WebRtcSwarm seeder = seeder(control);
        viewer(SharingControl.create());
        Fetching fetching = underWay();
        control.policy(SLOW.toBuilder().consented(false).build());
        await().atMost(SECOND).until(() -> fetching.end.isCompletedExceptionally() && sources.present.isEmpty());
        long sent = seeder.status().uploadedBytes();
        assertNoSourceFor(SECOND);
        assertThat(seeder.status().uploadedBytes()).isEqualTo(sent);
    }

    @Test
    void mode_offMidway_endsAllWithinASecondAndOnBringsItBack() throws Exception {
        SharingControl control = control(SLOW);
        WebRtcSwarm seeder = seeder(control);
        viewer(SharingControl.create());
        Fetching fetching = underWay();
        control.mode(SharingMode.OFF);
        await().atMost(SECOND).untilAsserted(() -> {
            assertThat(fetching.end).isCompletedExceptionally();
            assertThat(sources.present).isEmpty();
            assertThat(seeder.status().connections().open()).isZero();
            assertThat(local.tracker.members(SwarmIds.of(local.collection, BLOB.id())))
                    .isEqualTo(1);
            assertThat(local.tracker.channels()).isEqualTo(1);
        });
        long sent = seeder.status().uploadedBytes();
        assertNoSourceFor(SECOND);
        assertThat(seeder.status().uploadedBytes()).isEqualTo(sent);
        control.mode(SharingMode.ON);
        awaitSource();
    }

    @Test
    void mode_offByTheAppServer_endsAllWithinASecondWhateverTheAppSays() throws Exception {
        SharingControl control = control(SLOW);
        WebRtcSwarm seeder = seeder(control);
        viewer(SharingControl.create());
        Fetching fetching = underWay();
        local.serverMode(SharingMode.OFF);
        await().atMost(SECOND).until(() -> fetching.end.isCompletedExceptionally() && sources.present.isEmpty());
        control.mode(SharingMode.ON);
        assertNoSourceFor(SECOND);
        assertThat(seeder.status().mode()).isEqualTo(SharingMode.OFF);
        local.serverMode(SharingMode.ON);
        awaitSource();
    }

    @Test
    void mode_shadow_connectsAndCountsButHasNoSource() throws Exception {
        seeder(control(AGREED));
        SharingControl control =
                SharingControl.builder().mode(SharingMode.SHADOW).build();
        WebRtcSwarm viewer = local.member(control).swarm();
        GrowingBlob growing = new GrowingBlob(BLOB);
        viewer.attach(growing, sources);
        awaitConnection(viewer);
        assertThat(sources.mayCome).isFalse();
        assertNoSourceFor(SECOND);
        growing.hold(GroupSet.all(40));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(viewer.status().shadow()).isEqualTo(new SwarmStatus.Shadow(40, 40)));
        assertThat(viewer.status().uploads()).isEqualTo(UploadState.MODE_SHADOW);
        control.mode(SharingMode.ON);
        assertThat(Fetching.of(sources.first(), ALL).end).succeedsWithin(LIMIT);
        assertThat(sources.mayCome).isTrue();
    }

    @Test
    void mode_shadowMidway_takesTheSourcesAwayWithinASecondAndKeepsTheConnection() throws Exception {
        seeder(control(SLOW));
        SharingControl control = SharingControl.create();
        WebRtcSwarm viewer = viewer(control);
        Fetching fetching = underWay();
        control.mode(SharingMode.SHADOW);
        await().atMost(SECOND).until(sources.present::isEmpty);
        assertNoSourceFor(SECOND);
        assertThat(fetching.end).isCompletedExceptionally();
        assertThat(viewer.status().connections().open()).isEqualTo(1);
    }

    @Test
    void held_noLongerSharedMidway_endsTheUploadWithinASecond() throws Exception {
        GrowingBlob growing = new GrowingBlob(BLOB);
        growing.hold(GroupSet.all(BLOB.groups()));
        WebRtcSwarm seeder = local.member(control(SLOW)).swarm();
        seeder.attach(growing, new Sources());
        viewer(SharingControl.create());
        await().atMost(LIMIT).until(() -> !sources.first().available().isEmpty());
        Fetching fetching = underWay();
        growing.hold(GroupSet.empty());
        await().atMost(SECOND).until(() -> sources.first().available().isEmpty());
        await().atMost(SECOND).until(fetching.end::isCompletedExceptionally);
        long sent = seeder.status().uploadedBytes();
        await().during(SECOND).atMost(LIMIT).until(() -> seeder.status().uploadedBytes() == sent);
    }

    @Test
    void network_metered_pausesUploadsWithinASecond() throws Exception {
        AtomicBoolean metered = new AtomicBoolean();
        WebRtcSwarm seeder = seeder(
                SharingControl.builder().policy(SLOW).network(metered::get).build());
        viewer(SharingControl.create());
        Fetching fetching = underWay();
        metered.set(true);
        await().atMost(SECOND).until(() -> fetching.end.isCompletedExceptionally() && sources.present.isEmpty());
        assertThat(seeder.status().uploads()).isEqualTo(UploadState.METERED);
        metered.set(false);
        awaitSource();
    }

    @Test
    void network_conditionsFail_countsAsMetered() {
        WebRtcSwarm seeder = seeder(SharingControl.builder()
                .policy(AGREED)
                .network(() -> {
                    throw new IllegalStateException("no platform");
                })
                .build());
        await().atMost(LIMIT).until(() -> seeder.status().uploads() == UploadState.METERED);
    }

    @Test
    void downloadOnly_withConsent_fetchesAndServesNothing() throws Exception {
        seeder(control(AGREED));
        Sources ofSeeder = new Sources();
        WebRtcSwarm viewer = local.member(
                        control(AGREED.toBuilder().downloadOnly(true).build()))
                .swarm();
        viewer.attach(BLOB.shared(), sources);
        WebRtcSwarm third = local.member(SharingControl.create()).swarm();
        third.attach(BLOB.shared(GroupSet.empty()), ofSeeder);
        assertThat(Fetching.of(sources.first(), ALL).end).succeedsWithin(LIMIT);
        await().atMost(LIMIT).until(() -> third.status().connections().open() == 2);
        await().during(SECOND).atMost(LIMIT).until(() -> ofSeeder.present.size() == 1);
        assertThat(viewer.status().uploadedBytes()).isZero();
    }

    @Test
    void bytesPerSecond_capped_takesTheTimeThatNeeds() throws Exception {
        seeder(control(AGREED.toBuilder().bytesPerSecond(1_000_000).build()));
        viewer(SharingControl.create());
        long start = System.nanoTime();
        Fetching.of(sources.first(), ALL).end.get(60, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(BLOB.bytes().length / seconds).isLessThan(1.05 * 1_000_000);
    }

    @Test
    void bytesPerMonth_usedUp_stopsUploadsAndARestartDoesNotHelp(@TempDir Path folder) throws Exception {
        UploadPolicy capped = AGREED.toBuilder().bytesPerMonth(1_000_000).build();
        viewer(SharingControl.create());
        long first = uploadsUntilTheMonthIsUsedUp(capped, folder);
        long second = uploadsUntilTheMonthIsUsedUp(capped, folder);
        assertThat(first + second).isBetween(1L, 1_000_000L);
    }

    /** In a session of its own, with a viewer that asks for all there is again and again. */
    private long uploadsUntilTheMonthIsUsedUp(UploadPolicy capped, Path folder) throws Exception {
        try (UploadLedger ledger = UploadLedger.open(folder.resolve("uploads"))) {
            long before = ledger.usedThisMonth();
            WebRtcSwarm seeder = seeder(
                    SharingControl.builder().policy(capped).ledger(ledger).build());
            AtomicLong received = new AtomicLong();
            await().atMost(LIMIT).until(() -> {
                for (BlobSource source : sources.present) {
                    Fetching fetching = Fetching.of(source, ALL);
                    fetching.end.handle((done, failed) -> true).get(60, TimeUnit.SECONDS);
                    received.addAndGet(fetching.bytes.get());
                }
                return seeder.status().uploads() == UploadState.MONTH_USED_UP;
            });
            await().atMost(SECOND).until(sources.present::isEmpty);
            assertNoSourceFor(SECOND);
            assertThat(seeder.status().uploads()).isEqualTo(UploadState.MONTH_USED_UP);
            long uploaded = seeder.status().uploadedBytes();
            assertThat(received.get()).isLessThanOrEqualTo(uploaded);
            seeder.close();
            assertThat(ledger.usedThisMonth()).isEqualTo(before + uploaded);
            return uploaded;
        }
    }
}
