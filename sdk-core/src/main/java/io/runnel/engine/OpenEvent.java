package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchException;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** For JDK Flight Recorder: the opening of a blob, most of which is waiting for its key. */
@Name("io.runnel.Open")
@Label("Open")
@Category("Runnel")
@Description("The opening of a blob: obtaining its key")
@StackTrace(false)
final class OpenEvent extends Event {
    @Label("Blob")
    String blob = "";

    @Label("Failure")
    @Description("The reason of the FetchException, or nothing")
    @Nullable String failure;

    void end(BlobId id, @Nullable Throwable why) {
        if (shouldCommit()) {
            blob = id.toString();
            if (why != null) {
                failure = why instanceof FetchException known
                        ? known.reason().name()
                        : why.getClass().getSimpleName();
            }
            commit();
        }
    }
}
