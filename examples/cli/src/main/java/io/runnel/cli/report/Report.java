package io.runnel.cli.report;

import java.util.List;

/** What a command found out: as JSON, one object with the names of the record's components, or as lines for people. */
public interface Report {
    /** The same for people, a line each. */
    List<String> lines();
}
