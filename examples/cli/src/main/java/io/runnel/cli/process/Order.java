package io.runnel.cli.process;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a parent asks of a child that is a peer. Blob ids are 64 hexadecimal digits. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.Seed.class, name = "seed"),
    @JsonSubTypes.Type(value = Order.Leave.class, name = "leave"),
    @JsonSubTypes.Type(value = Order.Get.class, name = "get"),
    @JsonSubTypes.Type(value = Order.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Order.Renew.class, name = "renew")
})
public sealed interface Order {
    /** Fetch the blob into the store and go on serving it; answered by {@link Event.Complete}. */
    record Seed(String blob) implements Order {}

    /** Stop serving the blob; answered by {@link Event.Gone}. What the store holds stays there. */
    record Leave(String blob) implements Order {}

    /** Download the blob's plaintext; answered by {@link Event.Fetched}. */
    record Get(String blob, String output) implements Order {}

    /** Open the blob and close it again; answered by {@link Event.Opened}. */
    record Open(String blob) implements Order {}

    /** End the client and begin another with an empty store, in the same process; answered by {@link Event.Ready}. */
    record Renew() implements Order {}
}
