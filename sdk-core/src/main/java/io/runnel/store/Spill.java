package io.runnel.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The memory that stands in while the disk does not take writes. Guarded by the {@link SegmentTable}'s monitor. */
final class Spill {
    private final SegmentTable table;
    private final PageBudget budget;
    private final Set<DiskArray> arrays = new LinkedHashSet<>();

    Spill(SegmentTable table, long maxBytes) {
        this.table = table;
        this.budget = new PageBudget(maxBytes);
    }

    PageBudget budget() {
        return budget;
    }

    /** An array has something in memory. */
    void add(DiskArray array) {
        arrays.add(array);
    }

    /** An array has nothing in memory any more. */
    void remove(DiskArray array) {
        arrays.remove(array);
    }

    /** What is in memory only, in bytes. */
    long usedBytes() {
        synchronized (table) {
            return budget.usedBytes();
        }
    }

    /** Moves what is in memory to the disk, as far as it takes it. */
    void moveToDisk() {
        List<DiskArray> now;
        synchronized (table) {
            now = List.copyOf(arrays);
        }
        now.forEach(DiskArray::moveToDisk);
    }
}
