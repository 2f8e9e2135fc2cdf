package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.signalling.Traffic;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.TestBlob;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two conversations that talk to each other, both on one loop, over links in memory. */
@Timeout(20)
class ConversationTest {
    private static final SwarmId SWARM = SwarmId.of(new byte[SwarmId.BYTES]);
    private static final TestBlob BLOB = TestBlob.random(61, (20 << 14) + 5);
    private static final int TREE_BYTES = 640;

    private final OwnerLoop loop = new OwnerLoop();
    private final Side holder = new Side(BLOB.shared());
    private final Side asker = new Side(BLOB.shared(GroupSet.empty()));

    @AfterEach
    void close() {
        loop.close();
    }

    /** What is permitted beyond what is sent lapses, and does not count. */
    @Test
    void traffic_groupsAndATreeWereFetched_isTheSameOnBothSides() throws Exception {
        onLoop(() -> {
            holder.other = asker;
            asker.other = holder;
            List.of(holder, asker).forEach(Side::open);
            return true;
        });
        BlobSource source = asker.sources.first();
        Bytes bytes = new Bytes();
        BlobSource.Transfer unused = source.fetch(new GroupRange(0, BLOB.groups()), bytes);
        assertThat(bytes.end.get(10, TimeUnit.SECONDS)).isEqualTo(BLOB.bytes().length);
        assertThat(source.tree(0, TREE_BYTES).get(10, TimeUnit.SECONDS).remaining())
                .isEqualTo(TREE_BYTES);
        long all = (long) BLOB.bytes().length + TREE_BYTES;
        assertThat(onLoop(asker::traffic)).isEqualTo(new Traffic(all, 0));
        assertThat(onLoop(holder::traffic)).isEqualTo(new Traffic(0, all));
    }

    private <T> T onLoop(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop::execute).join();
    }

    /** Counts what comes of a request. */
    private static final class Bytes implements BlobSource.GroupReceiver {
        final CompletableFuture<Long> end = new CompletableFuture<>();
        private long came;

        @Override
        public void received(long firstGroup, ByteBuffer bytes) {
            came += bytes.remaining();
        }

        @Override
        public void completed() {
            end.complete(came);
        }

        @Override
        public void failed(SourceException failure) {
            end.completeExceptionally(failure);
        }
    }

    /** One end, with all that is around it. */
    private final class Side extends Surroundings {
        final Sources sources = new Sources();
        private final PeerSession session =
                new PeerSession(SigningIdentity.generate().publicKey(), new SessionId(1, 2), this, 0);
        private final SharedBlob blob;
        private final Membership membership;
        private Side other;

        Side(SharedBlob blob) {
            super(loop);
            this.blob = blob;
            this.membership = new Membership(blob, sources, loop, new Membership.Host() {
                @Override
                public void heldChanged(Membership of, GroupSet held) {}

                @Override
                public void detached(Membership of) {}
            });
        }

        void open() {
            session.start(this);
            session.opened();
        }

        Traffic traffic() {
            return session.conversation().traffic();
        }

        @Override
        public void opened(PeerSession of) {
            membership.ticket = new SwarmTicket(SWARM, ByteBuffer.allocate(0), of.peer(), Instant.EPOCH);
            of.conversation().openBlob(SWARM, blob);
        }

        @Override
        public void send(List<ByteBuffer> parts) {
            ByteBuffer message = ByteBuffer.allocate(
                    parts.stream().mapToInt(ByteBuffer::remaining).sum());
            parts.forEach(part -> message.put(part.duplicate()));
            message.flip();
            int length = message.remaining();
            loop.execute(() -> {
                other.session.received(message);
                session.handedOver(length);
            });
        }

        @Override
        public void wants(Conversation conversation, long bytes) {
            conversation.permit(bytes + 1000);
        }

        @Override
        public void available(Conversation conversation, SwarmId swarm, GroupSet groups) {
            membership.available(conversation, groups);
        }

        @Override
        public SharedBlob blob(SwarmId swarm) {
            return blob;
        }
    }
}
