package io.runnel.http.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure rules of the origin: fields of answers, redirects, and the reading of bodies. */
final class OriginRulesTest {
    @Test
    void contentRange_singlePart_isRead() {
        assertThat(ContentRange.parse(" bytes 5-9/10 ")).contains(new ContentRange(5, 9, 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes 5-9",
                "bytes 5-9/*",
                "bytes */10",
                "bytes 9-5/10",
                "bytes 5-10/10",
                "bytes=5-9/10",
                "bytes -5-9/10",
                "bytes 5-9/10,",
                "bytes 5-9/10 x",
                "items 5-9/10",
                "bytes 5-9999999999999999999/10"
            })
    void contentRange_anythingElse_isNothing(String field) {
        assertThat(ContentRange.parse(field)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "120|120",
                " 7 |7",
                "-1|0",
                "1.5|0",
                "soon|0",
                "99999999999999|86400",
                "Sun, 22 Nov 2026 12:00:30 GMT|30",
                "Sun, 22 Nov 2026 11:00:00 GMT|0",
                "Mon, 22 Nov 2027 12:00:00 GMT|86400",
                "Sunday, 22-Nov-26 12:00:30 GMT|30",
                "Sun Nov 22 12:00:30 2026|30",
                "Sunday, 06-Nov-94 08:49:37 GMT|0",
                "Sun Nov  6 08:49:37 1994|0",
                "Sun, 22 Nov 2026 25:00:30 GMT|0",
                "2026-11-22T12:00:30Z|0",
                "Sun, 22 Nov 2026 12:00:30 GMT and a comment that makes more of it than any date has|0",
            })
    void retryAfter_secondsOrDate_isTheWait(String field, long seconds) {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(RetryAfter.parse(field, null, now)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(RetryAfter.parse(field, "yesterday", now)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(RetryAfter.parse(null, null, now)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 22 Nov 2026 12:00:20 GMT", "Sunday, 22-Nov-26 12:00:20 GMT", "Sun Nov 22 12:00:20 2026"})
    void retryAfter_date_countsFromTheServersDate(String date) {
        Instant now = Instant.parse("2020-01-01T00:00:00Z");
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 12:00:30 GMT", date, now)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "https://a/x,https://a/y,true",
        "https://a/x,https://a:443/y,true",
        "https://A/x,https://a/y,true",
        "https://a/x,https://a:8443/y,false",
        "https://a/x,https://b.a/y,false",
        "http://a/x,https://a/y,false",
        "http://a:443/x,https://a/y,false",
    })
    void sameOrigin_schemeHostAndPort_mustAgree(URI a, URI b, boolean same) {
        assertThat(Redirects.sameOrigin(a, b)).isEqualTo(same);
        assertThat(Redirects.sameOrigin(b, a)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({
        "https://h/a/b?x=1,?sig=2,https://h/a/b?sig=2",
        "https://h:81/a%20b?x=1, ?sig=%2F ,https://h:81/a%20b?sig=%2F",
        "https://h,?sig=2,https://h?sig=2",
        "https://h/a/b?x=1,c?sig=2,https://h/a/c?sig=2",
        "https://h/a/b?x=1,/c,https://h/c",
        "https://h/a/b?x=1,//g/c,https://g/c",
        "https://h/a/b?x=1,https://g/c?d,https://g/c?d",
    })
    void target_reference_isResolvedAsRfc3986Says(URI from, String location, URI target) {
        assertThat(Redirects.target("origin", from, location, false)).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "https://cdn.example/x,true,true",
        "http://localhost:8080/x,false,true",
        "http://127.0.0.1/x,false,true",
        "http://[::1]/x,false,true",
        "http://localhost.example/x,false,false",
        "http://cdn.example/x,false,false",
        "https://user@cdn.example/x,false,false",
        "ftp://cdn.example/x,false,false",
        "https://cdn.example:65535/x,true,true",
        "https://cdn.example:65536/x,false,false",
        "https://cdn.example:0/x,false,false",
        "https://my_cdn.example/x,false,false",
        "https:/x,false,false",
    })
    void isAllowed_onlyHttps_orLoopbackWhereATestAsksForIt(URI uri, boolean usually, boolean inTests) {
        assertThat(Redirects.isAllowed(uri, false)).isEqualTo(usually);
        assertThat(Redirects.isAllowed(uri, true)).isEqualTo(inTests);
    }

    @Test
    void bodyReader_anyCut_givesWholeUnitsInOrderAndResumesAtTheFirstMissing() {
        long seed = Long.getLong("runnel.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] body = new byte[1 + random.nextInt(400_000)];
            random.nextBytes(body);
            int cut = random.nextInt(4) == 0 ? body.length : random.nextInt(body.length);
            try {
                readCut(body, cut, random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Drunnel.fuzz.seed=" + seed + " round " + round, e);
            }
        }
    }

    private static void readCut(byte[] body, int cut, Random random) {
        long from = (long) random.nextInt(5) << 14;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BodyReader.Batches batches = (at, bytes) -> {
            assertThat(at).isEqualTo(from + out.size());
            assertThat(bytes.hasRemaining()).isTrue();
            out.write(bytes.array(), bytes.position(), bytes.remaining());
        };
        AtomicLong clock = new AtomicLong(random.nextLong());
        BodyReader reader = new BodyReader("origin", from, from + body.length, 1 << 14, batches, clock::get);
        ByteBuf came = Unpooled.wrappedBuffer(body, 0, cut);
        while (came.isReadable()) {
            clock.addAndGet(random.nextInt(4) * 20_000_000L);
            reader.take(came.readSlice(1 + random.nextInt(Math.min(came.readableBytes(), 100_000))));
        }
        reader.salvage();
        assertThat(ByteBuffer.wrap(out.toByteArray())).isEqualTo(ByteBuffer.wrap(body, 0, out.size()));
        assertThat(reader.position()).isEqualTo(from + out.size());
        assertThat(out.size()).isBetween(Math.max(0, cut - (1 << 14) + 1), cut);
        assertThat(out.size() == body.length || out.size() % (1 << 14) == 0).isTrue();
    }

    @Test
    void bodyReader_slowAnswer_passesWholeUnitsOnBeforeTheirBatchIsFull() {
        List<Long> ends = new ArrayList<>();
        AtomicLong clock = new AtomicLong();
        BodyReader.Batches batches = (at, bytes) -> ends.add(at + bytes.remaining());
        BodyReader reader = new BodyReader("origin", 0, 1 << 20, 1 << 14, batches, clock::get);

        reader.take(Unpooled.wrappedBuffer(new byte[40_000]));
        assertThat(ends).isEmpty();
        clock.addAndGet(60_000_000);
        reader.take(Unpooled.wrappedBuffer(new byte[10_000]));
        assertThat(ends).containsExactly(3L << 14);

        // As fast as usual again: whole batches, from where the slow one ended.
        reader.take(Unpooled.wrappedBuffer(new byte[200_000]));
        assertThat(ends).containsExactly(3L << 14, 11L << 14);
    }

    @Test
    void bodyReader_moreThanTheRange_isRefusedWhole() {
        BodyReader.Batches nothing = (at, bytes) -> {
            throw new AssertionError("passed on");
        };
        BodyReader reader = new BodyReader("origin", 0, 10, 1 << 14, nothing, System::nanoTime);
        assertThatThrownBy(() -> reader.take(Unpooled.wrappedBuffer(new byte[11])))
                .isInstanceOf(AttemptException.class);
        assertThat(reader.position()).isZero();
    }
}
