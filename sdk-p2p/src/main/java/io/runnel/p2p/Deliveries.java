package io.runnel.p2p;

import io.runnel.p2p.exchange.ExchangeEffect;
import io.runnel.source.BlobSource;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a peer was asked for, and who waits for it. Each waits until one end, which the machine sees to. On the loop. */
final class Deliveries {
    private final SourceInfo info;
    private final Map<Long, BlobSource.GroupReceiver> receivers = new HashMap<>();
    private final Map<Long, CompletableFuture<ByteBuffer>> questions = new HashMap<>();

    Deliveries(SourceInfo info) {
        this.info = info;
    }

    void expect(long transfer, BlobSource.GroupReceiver receiver) {
        receivers.put(transfer, receiver);
    }

    boolean expects(long transfer) {
        return receivers.containsKey(transfer);
    }

    void expect(long question, CompletableFuture<ByteBuffer> answer) {
        questions.put(question, answer);
    }

    void delivered(ExchangeEffect.Delivered effect) {
        BlobSource.GroupReceiver receiver = receivers.get(effect.transfer());
        if (receiver != null) {
            receiver.received(effect.firstGroup(), effect.bytes());
        }
    }

    void completed(ExchangeEffect.Completed effect) {
        BlobSource.GroupReceiver receiver = receivers.remove(effect.transfer());
        if (receiver != null) {
            receiver.completed();
        }
    }

    void failed(ExchangeEffect.Failed effect) {
        BlobSource.GroupReceiver receiver = receivers.remove(effect.transfer());
        if (receiver != null) {
            receiver.failed(failure(effect.failure()));
        }
    }

    void treeArrived(ExchangeEffect.TreeArrived effect) {
        CompletableFuture<ByteBuffer> answer = questions.remove(effect.question());
        if (answer != null) {
            answer.complete(effect.bytes());
        }
    }

    void treeFailed(ExchangeEffect.TreeFailed effect) {
        CompletableFuture<ByteBuffer> answer = questions.remove(effect.question());
        if (answer != null) {
            answer.completeExceptionally(failure(effect.failure()));
        }
    }

    /** What to tell who asks a peer that is gone. */
    SourceException left() {
        return new SourceException(SourceException.Reason.CLOSED, info.id() + " has left", Duration.ZERO);
    }

    private SourceException failure(ExchangeEffect.Failure failure) {
        return new SourceException(
                failure.reason(), info.id() + " " + failure.message(), Duration.ofMillis(failure.retryAfterMillis()));
    }
}
