package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the processes started by {@link StoreJvm} do; they say on standard output what they have done. */
final class StoreMain {
    static final long[] SIZES = {60, 32_808, 500_000, 3 << 20, 20 << 20, 32_808, 32_808, 70_000};

    private StoreMain() {}

    /** The first argument says what to do, the second is the store's folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "open" -> open(folder);
            case "read" -> read(folder);
            case "write" -> write(folder, Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
            case "fill" -> fill(folder);
            case "full" -> full(folder);
            case "descriptors" -> descriptors(folder);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void open(Path folder) throws IOException {
        try (DiskBlobStore store = DiskBlobStore.open(folder)) {
            say("opened");
            store.usedBytes();
        } catch (IOException refused) {
            say("refused: " + (String.valueOf(refused.getMessage()).contains("in use") ? "in use" : refused));
        }
    }

    /** Reads what a store has of {@link StoreFolderTest}'s blob. */
    private static void read(Path folder) throws IOException {
        BlobId id = TestBytes.id(1);
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(id, 10 * TestBytes.GROUP)) {
            say("read " + TestBytes.readAllHeld(blob, id).count());
        } catch (IOException e) {
            say("not closed");
        }
    }

    /** What one step puts. */
    record Put(int blob, GroupRange groups) {}

    /** The puts of a writer, without end. */
    static Put next(Random random) {
        int blob = random.nextInt(SIZES.length);
        long groups = Units.groups(SIZES[blob]).count();
        long first = random.nextInt((int) groups);
        return new Put(blob, new GroupRange(first, Math.min(groups, first + 1 + random.nextInt(40))));
    }

    /** Puts at random until it is killed, and says after each flush how many puts it was. */
    private static void write(Path folder, long seed, long maxBytes) throws IOException {
        DiskBlobStore store =
                DiskBlobStore.open(folder, DiskStoreSettings.defaults().withMaxBytes(maxBytes));
        Random puts = new Random(seed);
        Random other = new Random(-seed);
        List<StoredBlob> blobs = new ArrayList<>();
        for (int i = 0; i < SIZES.length; i++) {
            blobs.add(store.open(TestBytes.id(i), SIZES[i]));
        }
        say("ready");
        for (int done = 0; ; done++) {
            if (other.nextInt(30) == 0) {
                blobs.get(other.nextInt(SIZES.length)).flush();
                say("flushed " + done);
            }
            Put put = next(puts);
            BlobId id = TestBytes.id(put.blob());
            TestBytes.put(blobs.get(put.blob()), id, put.groups());
            long parents = Units.parents(SIZES[put.blob()]).count();
            if (parents > 0 && other.nextInt(8) == 0) {
                long first = other.nextInt((int) parents);
                TestBytes.putParents(blobs.get(put.blob()), id, new GroupRange(first, parents));
            }
        }
    }

    /** Puts 20 MiB and flushes, eight times, then closes; says what it could be sure of. */
    private static void fill(Path folder) throws IOException {
        BlobId id = TestBytes.id(4);
        try (DiskBlobStore store =
                        DiskBlobStore.open(folder, DiskStoreSettings.defaults().withMaxBytes(32 << 20));
                StoredBlob blob = store.open(id, SIZES[4])) {
            say("ready");
            long groups = Units.groups(SIZES[4]).count();
            for (long group = 0; group < groups; group += 160) {
                GroupRange range = new GroupRange(group, Math.min(groups, group + 160));
                TestBytes.put(blob, id, range);
                say("put " + range.end() + " " + TestBytes.readAllHeld(blob, id).equals(GroupSet.all(range.end())));
                try {
                    blob.flush();
                    say("flushed " + range.end());
                } catch (IOException e) {
                    say("not flushed");
                }
            }
        } catch (IOException e) {
            say("not closed");
        }
    }

    /** In a small file system: fills it with ballast, puts, makes room, puts again. */
    private static void full(Path folder) throws IOException {
        BlobId id = TestBytes.id(3);
        Path ballast = folder.resolveSibling("ballast");
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(id, SIZES[3])) {
            TestBytes.put(blob, id, new GroupRange(0, 8));
            blob.flush();
            fillUp(ballast);
            TestBytes.put(blob, id, new GroupRange(8, 40));
            say("full: holds " + TestBytes.readAllHeld(blob, id).count());
            try {
                blob.flush();
                say("flushed although full");
            } catch (IOException e) {
                say("not flushed: full");
            }
            Files.delete(ballast);
            boolean flushed = false;
            for (long group = 40; !flushed; ) {
                // Each try is one more put; the store tries the disk again after a second.
                TestBytes.put(blob, id, new GroupRange(group, group + 1));
                try {
                    blob.flush();
                    flushed = true;
                } catch (IOException stillFull) {
                    Thread.onSpinWait();
                }
            }
            say("room: holds " + TestBytes.readAllHeld(blob, id).count());
        }
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(id, SIZES[3])) {
            say("again: holds " + TestBytes.readAllHeld(blob, id).count());
        }
    }

    /** Fills a store, opens it again, and uses it while the process has no descriptors left; says what is held after that. */
    private static void descriptors(Path folder) throws Exception {
        // The classes are files too.
        try (Stream<Path> classes =
                Files.list(Path.of(DiskBlobStore.class.getResource("").toURI()))) {
            for (Path file : classes.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.startsWith("package-info")) {
                    Class.forName("io.runnel.store." + name.substring(0, name.length() - ".class".length()));
                }
            }
        }
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMaxBytes(64 << 20);
        GroupRange all = new GroupRange(0, Units.groups(SIZES[4]).count());
        try (DiskBlobStore store = DiskBlobStore.open(folder, settings);
                StoredBlob blob = store.open(TestBytes.id(4), SIZES[4])) {
            TestBytes.put(blob, TestBytes.id(4), all);
            say("put " + TestBytes.readAllHeld(blob, TestBytes.id(4)).count());
        }
        try (DiskBlobStore store = DiskBlobStore.open(folder, settings);
                StoredBlob blob = store.open(TestBytes.id(4), SIZES[4]);
                StoredBlob other = store.open(TestBytes.id(3), SIZES[3])) {
            TestBytes.put(other, TestBytes.id(3), new GroupRange(0, 70));
            List<InputStream> hogs = new ArrayList<>();
            hog(hogs);
            for (long group = 0; group < all.end(); group += 64) {
                read(blob, TestBytes.id(4), new GroupRange(group, Math.min(all.end(), group + 64)));
                hog(hogs);
            }
            TestBytes.put(other, TestBytes.id(3), new GroupRange(70, 140));
            try {
                other.flush();
            } catch (IOException e) {
                say("not flushed");
            }
            for (InputStream hog : hogs) {
                hog.close();
            }
            say("held " + TestBytes.readAllHeld(blob, TestBytes.id(4)).count());
            say("held " + TestBytes.readAllHeld(other, TestBytes.id(3)).count());
        }
    }

    private static void read(StoredBlob blob, BlobId id, GroupRange range) {
        try {
            if (!TestBytes.reads(blob, id, range)) {
                say("not held " + range);
            }
        } catch (IOException e) {
            say("not read: " + e.getMessage());
        }
    }

    private static void hog(List<InputStream> hogs) {
        try {
            while (true) {
                hogs.add(Files.newInputStream(Path.of("/dev/null")));
            }
        } catch (IOException noneLeft) {
            return;
        }
    }

    private static void fillUp(Path ballast) throws IOException {
        byte[] block = new byte[1024];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            say("ballast");
        }
    }
}
