package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file that says what of a blob is on disk. Big-endian: magic {@code RNS1}, blob size (8), then twice (groups, then
 * outboard nodes) a count of runs (4) and each run's first and end (8 + 8), then a CRC-32C of all before it (4).
 */
record HoldingRecord(GroupSet groups, GroupSet nodes) {
    private static final int MAGIC = 0x524E5331;

    /** A file beyond this is not ours: 2 million runs. */
    private static final long MAX_FILE_BYTES = 32 << 20;

    static HoldingRecord empty() {
        return new HoldingRecord(GroupSet.empty(), GroupSet.empty());
    }

    /** Replaces the file atomically; the caller has forced the data to disk before. */
    void write(Path file, long sizeBytes) throws IOException {
        List<GroupRange> groupRuns = groups.runs();
        List<GroupRange> nodeRuns = nodes.runs();
        ByteBuffer out = ByteBuffer.allocate(4 + 8 + 4 + 16 * groupRuns.size() + 4 + 16 * nodeRuns.size() + 4);
        out.putInt(MAGIC).putLong(sizeBytes);
        putRuns(out, groupRuns);
        putRuns(out, nodeRuns);
        out.putInt(crc(out.array(), out.position())).flip();
        Path temporary = file.resolveSibling("record.new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void putRuns(ByteBuffer out, List<GroupRange> runs) {
        out.putInt(runs.size());
        for (GroupRange run : runs) {
            out.putLong(run.first()).putLong(run.end());
        }
    }

    /** What the file says, or null where it is damaged or of a blob of another size. */
    static @Nullable HoldingRecord read(Path file, long sizeBytes) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < 24 || in.getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
            return null;
        }
        if (in.getInt() != MAGIC || in.getLong() != sizeBytes) {
            return null;
        }
        in.limit(bytes.length - 4);
        GroupSet groups = runs(in);
        GroupSet nodes = runs(in);
        if (groups == null || nodes == null || in.hasRemaining()) {
            return null;
        }
        return new HoldingRecord(groups, nodes);
    }

    private static @Nullable GroupSet runs(ByteBuffer in) {
        if (in.remaining() < 4) {
            return null;
        }
        int count = in.getInt();
        if (count < 0 || in.remaining() < 16L * count) {
            return null;
        }
        GroupSet set = GroupSet.empty();
        for (int i = 0; i < count; i++) {
            long first = in.getLong();
            long end = in.getLong();
            if (first < 0 || end < first) {
                return null;
            }
            set = set.plus(new GroupRange(first, end));
        }
        return set;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
