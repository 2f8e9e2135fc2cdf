package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeThreadTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final long PATIENCE_SECONDS = 30;

    private final NativeThread thread = new NativeThread();

    @AfterEach
    void stop() {
        thread.execute(thread::stop);
    }

    private void runTask() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        thread.execute(ran::countDown);
        assertThat(ran.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** How often a sender that always says the same is asked while it is added ten times, with a task after each. */
    private int asked(long answer) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        NativeThread.Sender sender = () -> {
            asked.incrementAndGet();
            return answer;
        };
        for (int i = 0; i < 10; i++) {
            thread.execute(() -> thread.poll(sender));
            runTask();
        }
        return asked.get();
    }

    @Test
    void poll_senderThatSaysWhen_isAskedThenAndNotByTasks() throws InterruptedException {
        assertThat(asked(HOUR)).isEqualTo(1);
    }

    @Test
    void poll_senderThatHadNothingLeft_isAskedAtOnce() throws InterruptedException {
        assertThat(asked(NativeThread.Sender.NOTHING_LEFT)).isEqualTo(10);
    }

    @Test
    void poll_senderWithSomethingLeft_isAskedUntilNothingIs() throws InterruptedException {
        CountDownLatch askedThrice = new CountDownLatch(3);
        ArrayDeque<Long> answers = new ArrayDeque<>(List.of(1L, 1_000L, NativeThread.Sender.NOTHING_LEFT));
        NativeThread.Sender sender = () -> {
            askedThrice.countDown();
            return answers.remove();
        };
        thread.execute(() -> thread.poll(sender));
        assertThat(askedThrice.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        runTask();
        assertThat(answers).isEmpty();
    }

    @Test
    void poll_senderThatThrows_keepsTheThreadAndIsAskedAgain() throws InterruptedException {
        CountDownLatch askedTwice = new CountDownLatch(2);
        NativeThread.Sender sender = () -> {
            askedTwice.countDown();
            if (askedTwice.getCount() > 0) {
                throw new IllegalStateException("a defect");
            }
            return NativeThread.Sender.NOTHING_LEFT;
        };
        thread.execute(() -> thread.poll(sender));
        assertThat(askedTwice.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
