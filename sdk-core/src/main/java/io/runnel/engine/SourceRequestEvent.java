package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: one request for chunk groups, from when it was made until the source ended it. */
@Name("io.runnel.SourceRequest")
@Label("Source Request")
@Category("Runnel")
@Description("A request for chunk groups to one source, until it ended")
@StackTrace(false)
final class SourceRequestEvent extends Event {
    @Label("Blob")
    String blob = "";

    @Label("Source")
    String source = "";

    @Label("First Group")
    long firstGroup;

    @Label("Groups")
    long groups;

    @Label("Received")
    @DataAmount
    long receivedBytes;

    @Label("Outcome")
    @Description("COMPLETED, or the reason of the source's failure: CLOSED where it was cancelled")
    String outcome = "";

    /** The receiver to give to the source: the same where nobody records. */
    static BlobSource.GroupReceiver recorded(
            BlobId id, SourceInfo from, GroupRange range, BlobSource.GroupReceiver receiver) {
        SourceRequestEvent event = new SourceRequestEvent();
        if (!event.isEnabled()) {
            return receiver;
        }
        event.blob = id.toString();
        event.source = from.id();
        event.firstGroup = range.first();
        event.groups = range.count();
        event.begin();
        return new Recorder(event, receiver);
    }

    /** Counts what comes; called by the source, one call at a time. */
    private static final class Recorder implements BlobSource.GroupReceiver {
        private final SourceRequestEvent event;
        private final BlobSource.GroupReceiver receiver;

        Recorder(SourceRequestEvent event, BlobSource.GroupReceiver receiver) {
            this.event = event;
            this.receiver = receiver;
        }

        @Override
        public void received(long first, ByteBuffer bytes) {
            event.receivedBytes += bytes.remaining();
            receiver.received(first, bytes);
        }

        @Override
        public void completed() {
            end("COMPLETED");
            receiver.completed();
        }

        @Override
        public void failed(SourceException failure) {
            end(failure.reason().name());
            receiver.failed(failure);
        }

        private void end(String outcome) {
            event.outcome = outcome;
            event.commit();
        }
    }
}
