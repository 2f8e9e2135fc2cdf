package io.runnel.cli;

import java.io.IOException;
import java.io.Serial;
import java.util.List;

/** An ingest failed at one of its files; those before it are published. */
final class UnfinishedIngestException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<IngestReport.Item> published;

    UnfinishedIngestException(Exception cause, List<IngestReport.Item> published) {
        super(cause.getMessage(), cause);
        this.published = List.copyOf(published);
    }

    List<IngestReport.Item> published() {
        return published;
    }
}
