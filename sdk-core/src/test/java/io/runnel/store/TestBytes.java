package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Blobs whose every group and parent can be told from its place, so that what a store gives back can be judged. */
final class TestBytes {
    static final int GROUP = 16 * 1024;
    static final int MIB = 1 << 20;

    private static final byte[] NOISE = noise();

    private TestBytes() {}

    static BlobId id(int number) {
        return BlobId.of(ByteBuffer.allocate(32).putInt(0xB10B).putInt(number).array());
    }

    /** The content of some groups of a blob of this size. */
    static ByteBuffer groups(BlobId id, long sizeBytes, GroupRange range) {
        ByteBuffer bytes = ByteBuffer.allocate((int) Units.groups(sizeBytes).bytesOf(range));
        for (long group = range.first(); group < range.end(); group++) {
            put(bytes, id.hashCode() * 31L + group, Math.min(GROUP, bytes.remaining()));
        }
        return bytes.flip();
    }

    /** The content of some parents of a blob's outboard. */
    static ByteBuffer parents(BlobId id, GroupRange range) {
        ByteBuffer bytes = ByteBuffer.allocate((int) range.count() * 64);
        for (long parent = range.first(); parent < range.end(); parent++) {
            put(bytes, id.hashCode() * 37L - parent, 64);
        }
        return bytes.flip();
    }

    /** A piece of the noise, from a place that the seed says, and the seed as far as there is room. */
    private static void put(ByteBuffer bytes, long seed, int length) {
        int start = bytes.position();
        bytes.put(NOISE, Math.floorMod(seed * 7919, NOISE.length - length), length);
        if (length >= 8) {
            bytes.putLong(start, seed);
        }
    }

    private static byte[] noise() {
        byte[] bytes = new byte[MIB];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    static void put(StoredBlob blob, BlobId id, GroupRange range) throws IOException {
        blob.putGroups(range.first(), groups(id, blob.sizeBytes(), range));
    }

    static void putParents(StoredBlob blob, BlobId id, GroupRange range) throws IOException {
        blob.putTree(range.first() * 64, parents(id, range));
    }

    /** Whether the store gives these groups; what it gives must be right. */
    static boolean reads(StoredBlob blob, BlobId id, GroupRange range) throws IOException {
        ByteBuffer expected = groups(id, blob.sizeBytes(), range);
        ByteBuffer target = ByteBuffer.allocate(expected.remaining());
        if (!blob.readGroups(range, target)) {
            return false;
        }
        assertThat(target.flip().equals(expected))
                .as("groups %s are as put", range)
                .isTrue();
        return true;
    }

    /** Whether the store gives these parents; what it gives must be right. */
    static boolean readsParents(StoredBlob blob, BlobId id, GroupRange range) throws IOException {
        ByteBuffer target = ByteBuffer.allocate((int) range.count() * 64);
        if (!blob.readTree(range.first() * 64, target)) {
            return false;
        }
        assertThat(target.flip().equals(parents(id, range)))
                .as("parents %s are as put", range)
                .isTrue();
        return true;
    }

    /** Reads all that is held, which must be given and right; returns it. */
    static GroupSet readAllHeld(StoredBlob blob, BlobId id) throws IOException {
        GroupSet held = blob.held();
        for (GroupRange run : held.runs()) {
            for (long group = run.first(); group < run.end(); group++) {
                assertThat(reads(blob, id, new GroupRange(group, group + 1)))
                        .as("group %d of blob %s, held, is given", group, id)
                        .isTrue();
            }
        }
        return held;
    }
}
