package io.runnel.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files in memory that do wrong what they are told to: fail at a step, be full, or lose power. After a loss of power, each
 * sector that was written since the last force is either as it was then or as it was written, at random.
 */
final class ScriptedFiles implements StoreFiles {
    /** What can fail. */
    enum Step {
        CREATE,
        DELETE,
        READ,
        WRITE,
        FORCE
    }

    /** The power is gone. */
    static final class PowerLoss extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final int SECTOR = 512;
    private static final int BLOCK = 4096;

    private final Map<SegmentName, Content> files = new LinkedHashMap<>();
    private final List<Content> deleted = new ArrayList<>();
    private final Map<Step, Integer> counts = new EnumMap<>(Step.class);
    private final Map<Step, Runnable> hooks = new ConcurrentHashMap<>();
    private final Set<Step> failing = ConcurrentHashMap.newKeySet();
    private final Map<Step, SegmentName> broken = new ConcurrentHashMap<>();
    private volatile Runnable afterForce = () -> {};
    private long capacityBytes = Long.MAX_VALUE;
    private int stepsToPowerLoss = -1;
    private boolean closed;

    /** From now on a step fails. */
    void fail(Step step) {
        failing.add(step);
    }

    /** From now on a step fails for this file, and for no other. */
    void failOnly(Step step, SegmentName file) {
        broken.put(step, file);
    }

    /** From now on a step succeeds again. */
    void mend(Step step) {
        failing.remove(step);
    }

    /** Runs before each such step, outside any lock. */
    void before(Step step, Runnable hook) {
        hooks.put(step, hook);
    }

    /** Runs after each force, outside any lock. */
    void afterForce(Runnable hook) {
        afterForce = hook;
    }

    /** The blocks that the files may take together. */
    synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** The power goes at one of the next steps that change something, in the middle of it. */
    synchronized void losePowerAfter(int steps) {
        stepsToPowerLoss = steps;
    }

    /** How often a step was begun. */
    synchronized int count(Step step) {
        return counts.getOrDefault(step, 0);
    }

    /** The blocks that all files take, in bytes. */
    synchronized long allocatedBytes() {
        return files.values().stream()
                .mapToLong(file -> (long) file.blocks.cardinality() * BLOCK)
                .sum();
    }

    /** The lengths of all files, in bytes. */
    synchronized long totalBytes() {
        return files.values().stream().mapToLong(file -> file.size).sum();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** The only file's content, to be altered. */
    synchronized byte[] onlyContent() {
        assert files.size() == 1;
        return files.values().iterator().next().now;
    }

    synchronized int onlySize() {
        return files.values().iterator().next().size;
    }

    /** Cuts the only file off. */
    synchronized void truncateOnly(int size) {
        Content file = files.values().iterator().next();
        Arrays.fill(file.now, Math.min(size, file.now.length), file.now.length, (byte) 0);
        file.size = Math.min(size, file.size);
    }

    /** What the next process finds after a clean end or a kill: all that was written. */
    synchronized ScriptedFiles afterKill() {
        ScriptedFiles next = new ScriptedFiles();
        files.forEach((name, file) -> next.files.put(name, next.new Content(name, file.now, file.size)));
        return next;
    }

    /** What the next process finds after a loss of power. */
    synchronized ScriptedFiles afterPowerLoss(Random random) {
        ScriptedFiles next = new ScriptedFiles();
        files.forEach((name, file) -> next.files.put(name, file.torn(next, random)));
        for (Content file : deleted) {
            if (random.nextBoolean()) {
                next.files.put(file.name, file.torn(next, random));
            }
        }
        return next;
    }

    private void begin(Step step, SegmentName file) throws IOException {
        Runnable hook = hooks.get(step);
        if (hook != null) {
            hook.run();
        }
        synchronized (this) {
            counts.merge(step, 1, Integer::sum);
        }
        if (failing.contains(step) || file.equals(broken.get(step))) {
            throw new IOException("Input/output error");
        }
    }

    /** Whether the power goes now. */
    private synchronized boolean powerGoes() {
        if (stepsToPowerLoss == 0) {
            return true;
        }
        stepsToPowerLoss--;
        return false;
    }

    @Override
    public String place() {
        return "scripted folder";
    }

    @Override
    public synchronized List<SegmentName> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public StoreFile create(SegmentName name) throws IOException {
        begin(Step.CREATE, name);
        synchronized (this) {
            if (powerGoes()) {
                throw new PowerLoss();
            }
            if (files.containsKey(name)) {
                throw new IOException("there is a file " + name);
            }
            Content file = new Content(name, new byte[0], 0);
            files.put(name, file);
            return file;
        }
    }

    @Override
    public synchronized StoreFile open(SegmentName name) throws IOException {
        Content file = files.get(name);
        if (file == null) {
            throw new IOException("there is no file " + name);
        }
        return file;
    }

    @Override
    public void delete(SegmentName name) throws IOException {
        begin(Step.DELETE, name);
        synchronized (this) {
            if (powerGoes()) {
                throw new PowerLoss();
            }
            Content file = files.remove(name);
            if (file != null) {
                deleted.add(file);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    /** One file. */
    private final class Content implements StoreFile {
        private final SegmentName name;
        private final BitSet blocks = new BitSet();
        private final BitSet unforced = new BitSet();
        private byte[] now;
        private byte[] onMedium;
        private int size;
        private int sizeOnMedium;

        Content(SegmentName name, byte[] bytes, int size) {
            this.name = name;
            this.now = bytes.clone();
            this.onMedium = bytes.clone();
            this.size = size;
            this.sizeOnMedium = size;
            blocks.set(0, (size + BLOCK - 1) / BLOCK);
        }

        Content torn(ScriptedFiles next, Random random) {
            byte[] bytes = Arrays.copyOf(onMedium, now.length);
            for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
                if (random.nextBoolean()) {
                    int from = sector * SECTOR;
                    System.arraycopy(now, from, bytes, from, Math.min(SECTOR, now.length - from));
                }
            }
            int end = random.nextBoolean() ? size : sizeOnMedium;
            Arrays.fill(bytes, end, bytes.length, (byte) 0);
            return next.new Content(name, bytes, end);
        }

        @Override
        public long size() {
            synchronized (ScriptedFiles.this) {
                return size;
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            begin(Step.READ, name);
            synchronized (ScriptedFiles.this) {
                if (offset + target.remaining() > size) {
                    throw new EOFException("the file is shorter");
                }
                target.put(now, (int) offset, target.remaining());
            }
        }

        @Override
        public void write(long offset, ByteBuffer bytes) throws IOException {
            begin(Step.WRITE, name);
            synchronized (ScriptedFiles.this) {
                if (powerGoes()) {
                    put((int) offset, bytes.slice(bytes.position(), bytes.remaining() / 2));
                    throw new PowerLoss();
                }
                int first = (int) offset / BLOCK;
                int end = ((int) offset + bytes.remaining() + BLOCK - 1) / BLOCK;
                BitSet added = new BitSet();
                added.set(first, end);
                added.andNot(blocks);
                if (allocatedBytes() + (long) added.cardinality() * BLOCK > capacityBytes) {
                    throw new IOException("No space left on device");
                }
                put((int) offset, bytes);
            }
        }

        private void put(int offset, ByteBuffer bytes) {
            int end = offset + bytes.remaining();
            if (end > now.length) {
                now = Arrays.copyOf(now, Math.max(end, 2 * now.length));
            }
            blocks.set(offset / BLOCK, (end + BLOCK - 1) / BLOCK);
            unforced.set(offset / SECTOR, (end + SECTOR - 1) / SECTOR);
            size = Math.max(size, end);
            bytes.get(now, offset, end - offset);
        }

        @Override
        public void force() throws IOException {
            begin(Step.FORCE, name);
            synchronized (ScriptedFiles.this) {
                if (powerGoes()) {
                    throw new PowerLoss();
                }
                onMedium = onMedium.length == now.length ? onMedium : Arrays.copyOf(onMedium, now.length);
                for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
                    int from = sector * SECTOR;
                    System.arraycopy(now, from, onMedium, from, Math.min(SECTOR, now.length - from));
                }
                sizeOnMedium = size;
                unforced.clear();
            }
            afterForce.run();
        }

        @Override
        public void touch() {
            synchronized (ScriptedFiles.this) {
                if (files.remove(name, this)) {
                    files.put(name, this);
                }
            }
        }

        @Override
        public void close() {
            // Memory has no descriptors.
        }
    }
}
