package io.runnel.store;

import java.io.IOException;
import java.util.List;

/** The segment files of one store: all it asks of a file system, so that tests can let each part of it fail. */
interface StoreFiles extends AutoCloseable {
    /** Where they are, for messages. */
    String place();

    /** The files there are, least recently used first. */
    List<SegmentName> names() throws IOException;

    /** Makes a file that was not there, with a name that survives a crash. */
    StoreFile create(SegmentName name) throws IOException;

    /** A file that is there. */
    StoreFile open(SegmentName name) throws IOException;

    /** Deletes a file; it can be open. */
    void delete(SegmentName name) throws IOException;

    /** Closes all files and lets others have the folder. Idempotent. */
    @Override
    void close() throws IOException;
}
