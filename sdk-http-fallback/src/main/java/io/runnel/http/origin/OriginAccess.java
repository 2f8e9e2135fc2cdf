package io.runnel.http.origin;

import io.netty.channel.EventLoop;
import java.util.function.LongConsumer;

/**
 * What a transfer works with.
 *
 * @param settings how the origin is talked to
 * @param calls makes the requests
 * @param permits bounds how many there are
 * @param owner the loop that owns the transfer's state
 * @param late hears how many bytes came in vain; on any thread
 */
record OriginAccess(OriginSettings settings, HttpCalls calls, Permits permits, EventLoop owner, LongConsumer late) {}
