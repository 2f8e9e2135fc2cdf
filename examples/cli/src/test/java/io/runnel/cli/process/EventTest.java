package io.runnel.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.runnel.cli.report.Footprint;
import io.runnel.cli.report.Json;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;

class EventTest {
    static Stream<Event> events() {
        return Stream.of(
                new Event.Ready(),
                new Event.Joined("peer:1"),
                new Event.Left("peer:1"),
                new Event.Progress(1, 2, Map.of("peer:1", 1L)),
                new Event.Rejected("peer:1", "wrong bytes"),
                new Event.Complete("ab"),
                new Event.Gone("ab"),
                new Event.Opened("ab"),
                new Event.Measured(1.5, 2.5),
                new Event.Sampled(3, new Footprint(4, 5, 6, 7)),
                new Event.Failed("KEY_REVOKED", "revoked"));
    }

    static Stream<Order> orders() {
        return Stream.of(
                new Order.Seed("ab"),
                new Order.Leave("ab"),
                new Order.Get("ab", "x"),
                new Order.Open("ab"),
                new Order.Renew());
    }

    @ParameterizedTest
    @MethodSource("events")
    void event_survivesItsLine(Event event) {
        assertThat(Json.write(event)).doesNotContain("\n");
        assertThat(Json.read(Json.write(event), Event.class)).isEqualTo(event);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void order_survivesItsLine(Order order) {
        assertThat(Json.read(Json.write(order), Order.class)).isEqualTo(order);
    }

    @Test
    void unknownEvent_isRefused() {
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> Json.read("{\"event\":\"surprise\"}", Event.class));
    }
}
