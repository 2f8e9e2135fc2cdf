package io.runnel.http.origin;

import io.netty.channel.EventLoop;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** The origin as a source of one blob: always there, holds everything. Safe for use on any thread. */
final class OriginSource implements BlobSource {
    private static final int GROUP_BYTES = 1 << 14;
    private static final int NODE_BYTES = 64;

    private final OriginPool pool;
    private final SourceInfo info;
    private final BlobFiles files;
    private final LongConsumer late;
    private final Set<OriginTransfer> transfers = ConcurrentHashMap.newKeySet();
    private volatile boolean detached;

    /**
     * A source without transfers.
     *
     * @param late hears how many bytes came in vain; on any thread
     */
    OriginSource(OriginPool pool, SourceInfo info, BlobFiles files, LongConsumer late) {
        this.pool = pool;
        this.info = info;
        this.files = files;
        this.late = late;
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public GroupSet available() {
        return GroupSet.all(groups());
    }

    private long groups() {
        return (files.sizeBytes() + GROUP_BYTES - 1) / GROUP_BYTES;
    }

    @Override
    public CompletableFuture<ByteBuffer> tree(long offset, int length) {
        long outboardBytes = NODE_BYTES * (groups() - 1);
        boolean aligned = offset % NODE_BYTES == 0 && length % NODE_BYTES == 0;
        if (!aligned || offset < 0 || length <= 0 || length > MAX_TREE_BYTES || length > outboardBytes - offset) {
            throw new IllegalArgumentException("tree: " + length + " bytes at " + offset + ", must be multiples of "
                    + NODE_BYTES + " within " + outboardBytes + ", at most " + MAX_TREE_BYTES);
        }
        CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
        TreeCollector collector = new TreeCollector(offset, length, result);
        OriginTransfer transfer = start(
                () -> files.outboard(info, outboardBytes),
                new ByteSpan(offset, offset + length),
                NODE_BYTES,
                collector);
        // So that cancelling the future stops the transfer; no effect after its end.
        var unused = result.whenComplete((bytes, failure) -> transfer.cancel());
        return result;
    }

    @Override
    public Transfer fetch(GroupRange groups, GroupReceiver receiver) {
        if (groups.isEmpty() || groups.end() > groups()) {
            throw new IllegalArgumentException("groups: " + groups + ", must not be empty and end by " + groups());
        }
        long to = Math.min(files.sizeBytes(), groups.end() * GROUP_BYTES);
        return start(
                () -> files.blob(info),
                new ByteSpan(groups.first() * GROUP_BYTES, to),
                GROUP_BYTES,
                new GroupSink(receiver));
    }

    private OriginTransfer start(FileLookup lookup, ByteSpan span, int unit, RangeGet.Sink sink) {
        EventLoop owner = pool.nextLoop();
        OriginTransfer transfer =
                new OriginTransfer(pool.access(owner, late), lookup, span, unit, sink, transfers::remove);
        transfers.add(transfer);
        if (detached) {
            transfer.cancel();
        } else {
            transfer.begin();
        }
        return transfer;
    }

    /** Ends every transfer with {@code CLOSED}, and all that are asked for later. */
    void detach() {
        detached = true;
        transfers.forEach(OriginTransfer::cancel);
    }

    /** Where a file is; may fail. */
    @FunctionalInterface
    interface FileLookup {
        OriginFile find() throws SourceException;
    }

    /** Hands whole groups on. */
    private record GroupSink(GroupReceiver receiver) implements RangeGet.Sink {
        @Override
        public void bytes(long position, ByteBuffer bytes) {
            receiver.received(position / GROUP_BYTES, bytes);
        }

        @Override
        public void done() {
            receiver.completed();
        }

        @Override
        public void failed(SourceException failure) {
            receiver.failed(failure);
        }
    }

    /** Puts a stretch of outboard together. */
    private record TreeCollector(long offset, ByteBuffer bytes, CompletableFuture<ByteBuffer> result)
            implements RangeGet.Sink {
        TreeCollector(long offset, int length, CompletableFuture<ByteBuffer> result) {
            this(offset, ByteBuffer.allocate(length), result);
        }

        @Override
        public void bytes(long position, ByteBuffer part) {
            bytes.position((int) (position - offset)).put(part);
        }

        @Override
        public void done() {
            result.complete(bytes.rewind());
        }

        @Override
        public void failed(SourceException failure) {
            result.completeExceptionally(failure);
        }
    }
}
