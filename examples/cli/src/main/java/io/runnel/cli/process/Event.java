package io.runnel.cli.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.runnel.cli.client.GetReport;
import io.runnel.cli.report.Footprint;
import java.util.Map;

/** What a child tells its parent. An order that fails is answered by {@link Failed}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Event.Joined.class, name = "joined"),
    @JsonSubTypes.Type(value = Event.Left.class, name = "left"),
    @JsonSubTypes.Type(value = Event.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = Event.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = Event.Complete.class, name = "complete"),
    @JsonSubTypes.Type(value = Event.Gone.class, name = "gone"),
    @JsonSubTypes.Type(value = Event.Fetched.class, name = "fetched"),
    @JsonSubTypes.Type(value = Event.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = Event.Measured.class, name = "measured"),
    @JsonSubTypes.Type(value = Event.Sampled.class, name = "sampled"),
    @JsonSubTypes.Type(value = Event.Failed.class, name = "failed")
})
public sealed interface Event {
    /** The child is up and takes orders. */
    record Ready() implements Event {}

    /** A source of the blob is ready to deliver. */
    record Joined(String source) implements Event {}

    /** A source of the blob is gone. */
    record Left(String source) implements Event {}

    /** How far a download is: plaintext bytes written and in all, and proven bytes by who delivered them. */
    record Progress(long doneBytes, long totalBytes, Map<String, Long> bytesBySource) implements Event {}

    /** A source delivered what is not the blob's. */
    record Rejected(String source, String what) implements Event {}

    /** The blob is whole in the store and served from there. */
    record Complete(String blob) implements Event {}

    /** The blob is served no more. */
    record Gone(String blob) implements Event {}

    /** A download ended well. */
    record Fetched(GetReport report) implements Event {}

    /** The blob's key was given. */
    record Opened(String blob) implements Event {}

    /** The rate of raw data channels, and what the processes at both ends used for it. */
    record Measured(double megabytesPerSecond, double cpuSeconds) implements Event {}

    /** What a process that fetches again and again holds between two fetches, after so many of them. */
    record Sampled(long fetches, Footprint footprint) implements Event {}

    /** An order failed: the name of the exit code, and why. */
    record Failed(String error, String message) implements Event {}
}
