package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.source.SourceInfo;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: a source was caught. */
@Name("io.runnel.Rejection")
@Label("Rejection")
@Category("Runnel")
@Description("A source delivered bytes that are not the blob's, or broke the protocol")
@StackTrace(false)
final class RejectionEvent extends Event {
    @Label("Blob")
    String blob = "";

    @Label("Source")
    String source = "";

    @Label("What")
    String what = "";

    static void note(BlobId id, SourceInfo from, String happened) {
        RejectionEvent event = new RejectionEvent();
        if (event.shouldCommit()) {
            event.blob = id.toString();
            event.source = from.id();
            event.what = happened;
            event.commit();
        }
    }
}
