package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.Needs;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real connections on this machine; what might end a JVM, or is measured on a whole process, runs in one of its own. */
class WebRtcTransportTest {
    private static final double SOAK_GIGABYTES = Double.parseDouble(System.getProperty("runnel.soak.gigabytes", "0.3"));
    private static final int SOAK_CONNECTIONS = 9;

    /** With one arena of the C library, and the Java heap in memory from the start, what grows is held on to by somebody. */
    private static final List<String> ONE_ARENA = List.of("env", "MALLOC_ARENA_MAX=1");

    private static String[] heap(String... arguments) {
        return Stream.concat(Stream.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"), Stream.of(arguments))
                .toArray(String[]::new);
    }

    @Test
    void send_allSizes_arriveInOrderAndExact() throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair pair = LinkPair.connect(transport, transport);
            List<byte[]> sent = new ArrayList<>();
            List<byte[]> got = new ArrayList<>();
            int[] sizes = {1, 2, 1000, 16 << 10, (64 << 10) + 13, 128 << 10, PeerLink.MAX_MESSAGE_BYTES, 7};
            CountDownLatch all = new CountDownLatch(sizes.length);
            pair.answering.onMessage = message -> {
                byte[] copy = new byte[message.remaining()];
                message.get(copy);
                got.add(copy);
                all.countDown();
            };
            for (int size : sizes) {
                byte[] bytes = new byte[size];
                new Random(size).nextBytes(bytes);
                sent.add(bytes);
                int half = size / 2;
                pair.offering.link.send(
                        List.of(ByteBuffer.wrap(bytes, 0, half), ByteBuffer.wrap(bytes, half, size - half)));
            }
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(got).containsExactlyElementsOf(sent);
            pair.close();
        }
    }

    @Test
    void connect_onThisMachine_runsBetweenHostCandidates() throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair pair = LinkPair.connect(transport, transport);
            assertThat(pair.offering.path.get(20, TimeUnit.SECONDS)).isEqualTo(PeerPath.HOST);
            assertThat(pair.answering.path.get(20, TimeUnit.SECONDS)).isEqualTo(PeerPath.HOST);
            pair.close();
        }
    }

    /** Each connection is closed while the report that says how it runs is on its way, and nothing stays of either. */
    @Test
    void close_whileStatisticsAreGathered_neverCrashes() throws Exception {
        ChildJvm.Result result = ChildJvm.run(CloseWhileConnectingMain.class, 150, "-Xmx64m", "200");
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).contains("RESULT survived");
    }

    @Test
    void receive_noMemoryForAMessage_endsTheLinkAndNotTheProcess() throws Exception {
        ChildJvm.Result result = ChildJvm.run(FailWhileReceivingMain.class, 60);
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).contains("RESULT survived: a message could not be taken: OutOfMemoryError");
    }

    @Test
    void close_oneEnd_endsBoth() throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair pair = LinkPair.connect(transport, transport);
            pair.answering.link.close();
            pair.awaitClosed();
            pair.offering.link.send(List.of(ByteBuffer.allocate(1)));
            pair.offering.link.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void channel_beyondTheOneAgreedOn_isMisbehaviourAndEndsTheLink(boolean openedByTheOfferingSide) throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair pair = LinkPair.connect(transport, transport);
            LinkPair.End guilty = openedByTheOfferingSide ? pair.offering : pair.answering;
            LinkPair.End innocent = openedByTheOfferingSide ? pair.answering : pair.offering;
            guilty.openChannels(1);
            pair.awaitClosed();
            assertThat(innocent.misbehaviour.getNow("nothing")).isEqualTo("opened a channel that was not agreed on");
            assertThat(guilty.misbehaviour).isCompletedExceptionally();
        }
    }

    @Test
    void close_link_letsGoOfItsListener() throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            List<WeakReference<LinkPair.End>> ends = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                LinkPair pair = LinkPair.connect(transport, transport);
                ends.add(new WeakReference<>(pair.offering));
                ends.add(new WeakReference<>(pair.answering));
                pair.close();
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                System.gc();
                assertThat(ends).allMatch(end -> end.refersTo(null));
            });
        }
    }

    @Test
    void wornOut_afterTheMessageLimit_asksForReplacement() throws Exception {
        try (WebRtcTransport sends = new WebRtcTransport(List.of());
                WebRtcTransport receives = new WebRtcTransport(List.of(), 1, 10)) {
            LinkPair pair = LinkPair.connect(sends, receives);
            for (int i = 0; i < 10; i++) {
                pair.offering.link.send(List.of(ByteBuffer.allocate(1)));
            }
            assertThat(pair.answering.wornOut.await(20, TimeUnit.SECONDS)).isTrue();
            LinkPair next = LinkPair.connect(sends, receives);
            assertThat(next.answering.wornOut.getCount()).isEqualTo(1);
            pair.close();
            next.close();
        }
    }

    @Test
    void answer_nonsense_closesTheLink() throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair.End end = new LinkPair.End();
            end.link = transport.answer("v=0\r\nnonsense", end);
            assertThat(end.closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void close_transport_endsLinksWithinTwoSeconds() throws Exception {
        WebRtcTransport transport = new WebRtcTransport(List.of());
        LinkPair pair = LinkPair.connect(transport, transport);
        long start = System.nanoTime();
        transport.close();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
        pair.awaitClosed();
    }

    @Test
    void connections_200OpenedAndClosed_leaveNothingBehind() throws Exception {
        ChildJvm.Result result = ChildJvm.run(ONE_ARENA, OpenAndCloseMain.class, 150, heap("150", "25", "8"));
        long[] left = left(result);
        // 150 KB a connection, where its native part is not let go of.
        assertThat(left[0]).as(result.output()).isLessThan(1_000);
        assertThat(left[1]).as(result.output()).isLessThanOrEqualTo(0);
        assertThat(left[2]).as(result.output()).isLessThanOrEqualTo(0);
    }

    @Test
    void close_whileSending200Times_neverCrashes() throws Exception {
        ChildJvm.Result result = ChildJvm.run(CloseWhileSendingMain.class, 150, "200");
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).contains("RESULT survived");
    }

    /** Each connection is the last of its factory, which is disposed with it. */
    @Test
    void close_whileChannelsAreOpened_neverCrashes() throws Exception {
        ChildJvm.Result result = ChildJvm.run(CloseWhileOpeningChannelsMain.class, 150, "60");
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).contains("RESULT survived");
    }

    /** 0.3 GB by default; {@code -Drunnel.soak.gigabytes=10} for the long run. */
    @Test
    void soak_receivedMessages_leaveNothingBehind() throws Exception {
        long messagesPerFactory = (long) (SOAK_GIGABYTES * 1e9 / (128 << 10) / SOAK_CONNECTIONS);
        ChildJvm.Result result = ChildJvm.run(
                ONE_ARENA,
                SoakMain.class,
                2400,
                heap(String.valueOf(SOAK_GIGABYTES), String.valueOf(messagesPerFactory)));
        System.out.println(result.output());
        long[] left = left(result);
        assertThat(left[0]).as(result.output()).isLessThan(1_000);
        assertThat(left[1]).as(result.output()).isLessThanOrEqualTo(0);
        assertThat(left[2]).as(result.output()).isLessThanOrEqualTo(0);
    }

    @Test
    void connect_onlyLoopbackUp_works() throws Exception {
        List<String> namespace = List.of("unshare", "-rn", "sh", "-c", "ip link set lo up && exec \"$0\" \"$@\"");
        Needs.that(
                Needs.works("unshare", "-rn", "ip", "link", "set", "lo", "up"),
                "no unprivileged network namespaces here");
        ChildJvm.Result result = ChildJvm.run(namespace, OpenAndCloseMain.class, 60, "0", "3", "1");
        assertThat(result.output()).contains(Footprint.RESULT);
    }

    private static long[] left(ChildJvm.Result result) {
        assertThat(result.code()).as(result.output()).isZero();
        String line = result.output()
                .lines()
                .filter(each -> each.startsWith(Footprint.RESULT))
                .findFirst()
                .orElseThrow();
        String[] fields = line.split(" ", -1);
        return new long[] {Long.parseLong(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3])};
    }
}
