package io.runnel.engine;

import io.runnel.crypto.tree.Stretch;
import io.runnel.source.BlobSource;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A stretch of a hash tree that a source was asked for.
 *
 * @param parts in order
 */
record TreeAnswer(List<CompletableFuture<ByteBuffer>> parts) {
    /**
     * What a peer is asked for at once: each part shows that it goes on. The whole of a window (64 KiB) takes a slow peer,
     * whose uplink others share, longer than any silence is waited for.
     */
    private static final int PEER_PART_BYTES = 1 << 14;

    static TreeAnswer ask(GuardedSource source, Stretch stretch) {
        boolean peer = source.info().kind() == SourceInfo.Kind.PEER;
        int most = peer ? PEER_PART_BYTES : BlobSource.MAX_TREE_BYTES;
        List<CompletableFuture<ByteBuffer>> parts = new ArrayList<>();
        for (int from = 0; from < stretch.length(); from += most) {
            parts.add(source.tree(new Stretch(stretch.offset() + from, Math.min(most, stretch.length() - from))));
        }
        return new TreeAnswer(parts);
    }

    /** All that has come, once all parts have. */
    ByteBuffer joined() {
        List<ByteBuffer> come =
                parts.stream().map(part -> part.join().duplicate()).toList();
        ByteBuffer whole = ByteBuffer.allocate(
                come.stream().mapToInt(ByteBuffer::remaining).sum());
        come.forEach(whole::put);
        return whole.flip();
    }
}
