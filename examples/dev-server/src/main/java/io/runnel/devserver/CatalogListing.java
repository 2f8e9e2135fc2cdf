package io.runnel.devserver;

import java.util.List;

/**
 * All that a catalog holds.
 *
 * @param records those that can be read, ordered by name and id
 * @param damaged for each other one a text that names its file and says what to do
 */
public record CatalogListing(List<CatalogRecord> records, List<String> damaged) {
    /** Keeps copies of the lists. */
    public CatalogListing {
        records = List.copyOf(records);
        damaged = List.copyOf(damaged);
    }
}
