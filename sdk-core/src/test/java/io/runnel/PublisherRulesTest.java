package io.runnel;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The rules of Reactive Streams, by the kit of those who wrote them. */
@Timeout(120)
class PublisherRulesTest {
    private static final int PIECE_BYTES = 128 * 1024;
    private static final int MOST_PIECES = 24;
    private static final long SIGNAL_MILLIS = 2_000;
    private static final long SILENCE_MILLIS = 50;
    private static final long COLLECTED_MILLIS = 1_000;

    private static final String NEEDS_AN_ENDLESS_ONE =
            "required_spec317_mustNotSignalOnErrorWhenPendingAboveLongMaxValue";

    private static final TestBlob BLOB = TestBlob.random(45, MOST_PIECES * PIECE_BYTES);

    private Runnel client;
    private Blob blob;

    @BeforeEach
    void open() throws FetchException {
        ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
        origin.add("o", BLOB, Script.all(BLOB));
        client = Runnel.builder().keySource(new FixedKeys(BLOB)).source(origin).build();
        blob = client.open(BLOB.id());
    }

    @AfterEach
    void close() {
        client.close();
    }

    @TestFactory
    Stream<DynamicTest> publisher_rulesOfReactiveStreams_hold() {
        return Arrays.stream(FlowPublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .filter(method -> !method.getName().startsWith("untested_"))
                .filter(method -> !method.getName().equals(NEEDS_AN_ENDLESS_ONE))
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(rule)));
    }

    private void check(Method rule) throws Throwable {
        Rules rules = new Rules();
        rules.setUp();
        try {
            rule.invoke(rules);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private final class Rules extends FlowPublisherVerification<ByteBuffer> {
        Rules() {
            super(new TestEnvironment(SIGNAL_MILLIS, SILENCE_MILLIS), COLLECTED_MILLIS);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST_PIECES;
        }

        @Override
        public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
            return blob.publisher(new ByteRange(0, elements * PIECE_BYTES));
        }

        @Override
        public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
            try (Blob closed = client.open(BLOB.id())) {
                return closed.publisher();
            } catch (FetchException e) {
                throw new AssertionError(e);
            }
        }
    }
}
