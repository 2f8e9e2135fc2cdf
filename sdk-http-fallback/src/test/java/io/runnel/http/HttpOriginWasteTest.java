package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.source.BlobSource;
import io.runnel.source.BlobSource.Transfer;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes from the origin and reaches no receiver is told, to the byte. */
final class HttpOriginWasteTest extends OriginFixture {
    private static final GroupRange ONE_RANGE = new GroupRange(0, 64);
    private static final GroupRange TWO_RANGES = new GroupRange(0, 128);

    @Test
    void cancel_inTheMiddleOfABatch_tellsWhatWasHeldBack() {
        int sent = 200_000;
        BlobSource source =
                attach(origin(serve(exchange -> begin(exchange, sent))).build());
        // What had not come when it was cancelled is told by nobody: so again and again, until all had.
        await().until(() -> toldOfCancelled(source), told -> told == sent);
    }

    @Test
    void cancel_groupsCameAheadOfTheirTurn_tellsThem() {
        OriginTestServer server = serve(exchange -> {
            if (exchange.from() == 1 << 20) {
                begin(exchange, 11 * GROUP + 500);
                exchange.cut();
            }
        });
        BlobSource source = attach(origin(server).build());
        RecordingReceiver receiver = new RecordingReceiver(0);
        Transfer transfer = source.fetch(TWO_RANGES, receiver);
        // The part of a group before the cut; the groups before it have come by then, and wait for the first range.
        await().untilAsserted(() -> assertThat(late).hasValue(500));
        transfer.cancel();
        assertThat(receiver.failure()).isEqualTo(Reason.CLOSED);
        await().untilAsserted(() -> assertThat(late).hasValue(11 * GROUP + 500));
        assertThat(receiver.bytes()).isEmpty();
    }

    @Test
    void fetch_wholeBlob_tellsOfNothing() {
        RecordingReceiver receiver = fetch(
                attach(origin(serve(exchange -> exchange.serve(BLOB.bytes()))).build()), ALL);
        assertThat(receiver.end()).isEmpty();
        assertThat(late).hasValue(0);
    }

    /** How many bytes of a fetch that was cancelled after the first of them were delivered, and told to have come in vain. */
    private long toldOfCancelled(BlobSource source) {
        late.set(0);
        RecordingReceiver receiver = new RecordingReceiver(0);
        Transfer transfer = source.fetch(ONE_RANGE, receiver);
        await().until(() -> receiver.pieces() > 0);
        transfer.cancel();
        assertThat(receiver.failure()).isEqualTo(Reason.CLOSED);
        return receiver.bytes().length + late.get();
    }

    private static void begin(OriginExchange exchange, int bytes) {
        exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
        exchange.body(Arrays.copyOf(exchange.part(BLOB.bytes()), bytes));
    }
}
