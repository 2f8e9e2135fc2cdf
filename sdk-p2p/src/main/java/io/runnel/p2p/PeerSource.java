package io.runnel.p2p;

import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One peer as a source of one blob. The fields without a word are owned by the loop. */
final class PeerSource implements BlobSource {
    private static final int GROUP_BYTES = 1 << 14;

    private final Conversation conversation;
    private final Membership membership;
    private final long groups;
    private final Set<Long> transfers = new HashSet<>();
    private volatile GroupSet available;
    private volatile boolean detached;

    PeerSource(Conversation conversation, Membership membership, GroupSet available) {
        this.conversation = conversation;
        this.membership = membership;
        this.groups = Math.max(1, (membership.blob.sizeBytes() + GROUP_BYTES - 1) / GROUP_BYTES);
        this.available = available;
    }

    void available(GroupSet now) {
        available = now;
    }

    /** Ends every transfer; later requests fail as closed. */
    void detach() {
        detached = true;
        Set.copyOf(transfers).forEach(conversation::cancel);
    }

    @Override
    public SourceInfo info() {
        return conversation.session().info();
    }

    @Override
    public GroupSet available() {
        return available;
    }

    @Override
    public PeerPath path() {
        return conversation.session().path();
    }

    @Override
    public CompletableFuture<ByteBuffer> tree(long offset, int length) {
        long outboard = (groups - 1) * 64;
        if (offset < 0
                || offset % 64 != 0
                || length <= 0
                || length % 64 != 0
                || length > MAX_TREE_BYTES
                || offset + length > outboard) {
            throw new IllegalArgumentException("tree stretch: " + length + " bytes at " + offset
                    + ", must be whole nodes within " + outboard + " bytes, at most " + MAX_TREE_BYTES);
        }
        CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        boolean queued = !detached
                && conversation.execute(() -> {
                    if (detached) {
                        answer.completeExceptionally(closed());
                    } else {
                        conversation.tree(membership, offset, length, answer);
                    }
                });
        if (!queued) {
            answer.completeExceptionally(closed());
        }
        return answer;
    }

    @Override
    public Transfer fetch(GroupRange range, GroupReceiver receiver) {
        if (range.isEmpty() || range.end() > groups) {
            throw new IllegalArgumentException("groups: " + range + ", must be 1 or more within the blob's " + groups);
        }
        long id = conversation.nextTransfer();
        boolean queued = !detached
                && conversation.execute(() -> {
                    if (detached) {
                        receiver.failed(closed());
                    } else {
                        transfers.add(id);
                        conversation.fetch(id, membership, range, new Ending(id, receiver));
                    }
                });
        if (!queued) {
            receiver.failed(closed());
            return () -> {};
        }
        return () -> conversation.execute(() -> conversation.cancel(id));
    }

    private SourceException closed() {
        return new SourceException(SourceException.Reason.CLOSED, info().id() + " has left");
    }

    /** Passes everything on, and forgets the transfer with its end. */
    private final class Ending implements GroupReceiver {
        private final long id;
        private final GroupReceiver receiver;

        Ending(long id, GroupReceiver receiver) {
            this.id = id;
            this.receiver = receiver;
        }

        @Override
        public void received(long firstGroup, ByteBuffer bytes) {
            receiver.received(firstGroup, bytes);
        }

        @Override
        public void completed() {
            transfers.remove(id);
            receiver.completed();
        }

        @Override
        public void failed(SourceException failure) {
            transfers.remove(id);
            receiver.failed(failure);
        }
    }
}
