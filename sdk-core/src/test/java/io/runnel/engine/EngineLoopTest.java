package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineLoopTest {
    private final EngineLoop engine = new EngineLoop();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
        engine.close();
    }

    /** Keeps a thread busy, whoever interrupts it. */
    private void block() {
        boolean waiting = true;
        while (waiting) {
            try {
                released.await();
                waiting = false;
            } catch (InterruptedException ignored) {
                assertThat(waiting).isTrue();
            }
        }
    }

    @Test
    void close_threadsAreFree_runsWhatIsQueued() {
        engine.execute(() -> done.add("loop"), () -> done.add("not loop"));
        engine.work(() -> done.add("worker"), () -> done.add("not worker"));
        engine.close();
        assertThat(done).containsExactlyInAnyOrder("loop", "worker");
    }

    @Test
    void close_threadsAreBusy_dropsWhatIsQueuedAndSaysSo() {
        engine.execute(this::block);
        engine.work(this::block);
        engine.work(this::block);
        engine.execute(() -> done.add("loop"), () -> done.add("not loop"));
        engine.work(() -> done.add("worker"), () -> done.add("not worker"));
        engine.close();
        assertThat(done).containsExactlyInAnyOrder("not loop", "not worker");
    }

    @Test
    void execute_afterClose_isDroppedAtOnce() {
        engine.close();
        engine.execute(() -> done.add("loop"), () -> done.add("not loop"));
        engine.work(() -> done.add("worker"), () -> done.add("not worker"));
        assertThat(done).containsExactly("not loop", "not worker");
    }
}
