package io.runnel.sharing;

import io.runnel.file.Attributes;
import io.runnel.file.FolderEntries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The ledger on disk, in lines of ASCII: {@code runnel-uploads 1}; {@code present YYYY-MM}; for each month
 * {@code YYYY-MM USED OWN}; {@code crc} and the CRC-32C of all lines before, as 8
 * hexadecimal digits. Replaced as a whole.
 */
final class LedgerFile {
    private static final String MAGIC = "runnel-uploads 1";
    private static final int MAX_FILE_BYTES = 4096;

    private final Path file;

    LedgerFile(Path file) {
        this.file = file;
    }

    /** What is written down; nothing where there is no file. */
    MonthlyVolume read() throws IOException {
        MonthlyVolume volume = new MonthlyVolume();
        BasicFileAttributes there = Attributes.of(file, LinkOption.NOFOLLOW_LINKS);
        if (there == null) {
            return volume;
        }
        if (!there.isRegularFile()) {
            throw new IOException("upload ledger " + file + " is a folder, a link or a device: name a plain file");
        }
        if (there.size() > MAX_FILE_BYTES) {
            throw damaged();
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int tail = text.lastIndexOf("crc ");
        if (tail < 0 || !text.substring(tail).equals(crcLine(text.substring(0, tail)))) {
            throw damaged();
        }
        List<String> lines = text.substring(0, tail).lines().toList();
        try {
            if (!lines.get(0).equals(MAGIC) || !lines.get(1).startsWith("present ")) {
                throw damaged();
            }
            volume.restorePresent(YearMonth.parse(lines.get(1).substring("present ".length())));
            for (String line : lines.subList(2, lines.size())) {
                String[] words = line.split(" ", -1);
                MonthlyVolume.Count count = new MonthlyVolume.Count(Long.parseLong(words[1]), Long.parseLong(words[2]));
                volume.restore(YearMonth.parse(words[0]), count);
            }
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
            throw damaged();
        }
        return volume;
    }

    private IOException damaged() {
        return new IOException("upload ledger " + file + " is damaged: what was uploaded this month is not known."
                + " Delete it to count from nothing");
    }

    /** On disk once it returns; a crash before leaves what was there. */
    void write(MonthlyVolume volume) throws IOException {
        StringBuilder text = new StringBuilder(MAGIC).append('\n');
        text.append("present ").append(volume.present()).append('\n');
        volume.months()
                .forEach((month, count) -> text.append(month)
                        .append(' ')
                        .append(count.used())
                        .append(' ')
                        .append(count.own())
                        .append('\n'));
        text.append(crcLine(text.toString()));
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer out = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        FolderEntries.forceAround(file);
    }

    private static String crcLine(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return "crc %08x%n".formatted(crc.getValue()).replace("\r", "");
    }
}
