package io.runnel.engine;

import io.runnel.crypto.BlobId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For JDK Flight Recorder: a reader waited in the middle of a blob. */
@Name("io.runnel.Stall")
@Label("Stall")
@Category("Runnel")
@Description("A reader waited in the middle of a blob")
@StackTrace(false)
final class StallEvent extends Event {
    @Label("Blob")
    String blob = "";

    @Label("Offset")
    @Description("Of the plaintext it waited for")
    long offset;

    @Label("Stall")
    @Description("The wait less what the player had buffered")
    @Timespan
    long stallNanos;

    void end(BlobId id, long at, long nanos) {
        if (shouldCommit()) {
            blob = id.toString();
            offset = at;
            stallNanos = nanos;
            commit();
        }
    }
}
