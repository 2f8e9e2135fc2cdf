package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrackerChannelTest {
    private static final String PONG = SwarmCodec.write(new ServerMessage.Pong());

    private final OwnerLoop loop = new OwnerLoop();
    private final List<String> heard = new ArrayList<>();
    private final Connector connector = new Connector();
    private final TrackerChannel tracker =
            new TrackerChannel(URI.create("wss://tracker.example/"), connector, loop, new Host());

    @AfterEach
    void close() {
        loop.close();
    }

    private void onLoop(Runnable task) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            task.run();
            done.countDown();
        });
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void message_farMoreThanTheLoopGetsDone_isToldOnceAndTheRestDropped() throws Exception {
        onLoop(tracker::connect);
        connector.answers.remove().complete(new Silent());
        CountDownLatch free = new CountDownLatch(1);
        loop.execute(() -> awaitQuietly(free));
        String longest = "x".repeat(TextChannel.MAX_MESSAGE_BYTES);
        for (int i = 0; i < 1000; i++) {
            connector.listener.message(longest);
        }
        for (int i = 0; i < 100_000; i++) {
            connector.listener.message(PONG);
        }
        connector.listener.closed(1006, "");
        free.countDown();
        onLoop(() -> {});
        assertThat(heard).startsWith("opened", "nonsense").endsWith("flooded", "closed");
        assertThat(heard.stream().filter("nonsense"::equals)).hasSizeBetween(10, 100);
        assertThat(heard).doesNotContain("pong").containsOnlyOnce("flooded");
    }

    @Test
    void message_manyOverTime_allAreRead() throws Exception {
        onLoop(tracker::connect);
        connector.answers.remove().complete(new Silent());
        String longest = "x".repeat(TextChannel.MAX_MESSAGE_BYTES);
        for (int i = 0; i < 500; i++) {
            connector.listener.message(longest);
            onLoop(() -> {});
        }
        assertThat(heard).hasSize(501).doesNotContain("flooded");
    }

    /** A certificate nobody trusts, for one: else the viewer would have no peers, and nobody would know why. */
    @Test
    void connect_fails_warnsOnceOfWhyAndWhatToDo() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int i = 0; i < 3; i++) {
                onLoop(tracker::connect);
                connector.answers.remove().completeExceptionally(new IOException("its certificate is not trusted"));
                onLoop(() -> {});
            }
        } finally {
            System.setErr(before);
        }
        assertThat(heard).containsExactly("closed", "closed", "closed");
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("its certificate is not trusted");
    }

    @Test
    void connect_connectorThrowsOrGivesNull_isClosedAndConnectsAgain() throws Exception {
        List<ChannelConnector> faulty = List.of(
                (uri, subprotocol, listener) -> {
                    throw new IllegalStateException("out of order");
                },
                (uri, subprotocol, listener) -> null,
                (uri, subprotocol, listener) -> CompletableFuture.completedFuture(null),
                (uri, subprotocol, listener) -> CompletableFuture.completedFuture(new Silent()));
        Iterator<ChannelConnector> next = faulty.iterator();
        TrackerChannel channel = new TrackerChannel(
                LocalTracker.ADDRESS,
                (uri, subprotocol, listener) -> next.next().connect(uri, subprotocol, listener),
                loop,
                new Host());
        for (int i = 0; i < faulty.size(); i++) {
            onLoop(channel::connect);
            onLoop(() -> {});
        }
        assertThat(heard).containsExactly("closed", "closed", "closed", "opened");
    }

    @Test
    void say_channelThrows_isClosedOnceAndTheNextServes() throws Exception {
        for (int i = 0; i < 2; i++) {
            onLoop(tracker::connect);
            ChannelConnector.Listener listener = connector.listener;
            connector.answers.remove().complete(new Broken());
            onLoop(() -> tracker.say(new ClientMessage.Ping()));
            onLoop(() -> {});
            listener.message(PONG);
            onLoop(tracker::connect);
            listener.closed(1006, "");
            connector.answers.remove().complete(new Silent());
            onLoop(() -> tracker.say(new ClientMessage.Ping()));
            connector.listener.message(PONG);
            onLoop(() -> tracker.disconnect(1000, ""));
            connector.listener.closed(1000, "");
        }
        onLoop(() -> {});
        List<String> round = List.of("opened", "closed", "opened", "pong", "closed");
        assertThat(heard)
                .containsExactlyElementsOf(
                        Stream.concat(round.stream(), round.stream()).toList());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Connector implements ChannelConnector {
        final Queue<CompletableFuture<TextChannel>> answers = new ArrayDeque<>();
        volatile ChannelConnector.Listener listener;

        @Override
        public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener heardBy) {
            CompletableFuture<TextChannel> answer = new CompletableFuture<>();
            answers.add(answer);
            listener = heardBy;
            return answer;
        }
    }

    private static final class Silent implements TextChannel {
        @Override
        public void send(String text) {}

        @Override
        public void close(int code, String reason) {}
    }

    private static final class Broken implements TextChannel {
        @Override
        public void send(String text) {
            throw new IllegalStateException("out of order");
        }

        @Override
        public void close(int code, String reason) {
            throw new IllegalStateException("out of order");
        }
    }

    private final class Host implements TrackerChannel.Host {
        @Override
        public void trackerOpened() {
            heard.add("opened");
        }

        @Override
        public void trackerSaid(ServerMessage message) {
            heard.add("pong");
        }

        @Override
        public void trackerSaidNonsense() {
            heard.add("nonsense");
        }

        @Override
        public void trackerFlooded() {
            heard.add("flooded");
        }

        @Override
        public void trackerClosed() {
            heard.add("closed");
        }
    }
}
