package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchStats;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For JDK Flight Recorder: an open blob, from its opening to its close. */
@Name("io.runnel.Fetch")
@Label("Fetch")
@Category("Runnel")
@Description("An open blob, from its opening to its close")
@StackTrace(false)
final class FetchEvent extends Event {
    @Label("Blob")
    String blob = "";

    @Label("Size")
    @Description("Length of the plaintext")
    @DataAmount
    long plaintextBytes;

    @Label("From Peers")
    @DataAmount
    long bytesFromPeers;

    @Label("From Origin")
    @DataAmount
    long bytesFromOrigin;

    @Label("From Store")
    @DataAmount
    long bytesFromStore;

    @Label("Wasted")
    @DataAmount
    long wastedBytes;

    @Label("Rejected Groups")
    long rejectedGroups;

    @Label("Stalls")
    long stalls;

    @Label("Stall Time")
    @Timespan
    long stallNanos;

    @Label("Time to First Byte")
    @Description("Negative where no byte was handed out")
    @Timespan
    long timeToFirstByteNanos;

    void end(BlobId id, long sizeBytes, FetchStats stats) {
        if (shouldCommit()) {
            blob = id.toString();
            plaintextBytes = sizeBytes;
            bytesFromPeers = stats.bytesFrom(SourceInfo.Kind.PEER);
            bytesFromOrigin = stats.bytesFrom(SourceInfo.Kind.ORIGIN);
            bytesFromStore = stats.bytesFromStore();
            wastedBytes = stats.wastedBytes();
            rejectedGroups = stats.rejectedGroups();
            stalls = stats.stalls().count();
            stallNanos = stats.stalls().total().toNanos();
            timeToFirstByteNanos =
                    stats.timeToFirstByte().map(Duration::toNanos).orElse(-1L);
            commit();
        }
    }
}
