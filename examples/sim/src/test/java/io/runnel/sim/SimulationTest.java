package io.runnel.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
    private static SimReport run(Scenario.Kind kind, int peers, long seed) {
        return new Simulation(Scenario.of(kind, peers, seed).withDurationMillis(30_000)).run();
    }

    @ParameterizedTest
    @EnumSource(Scenario.Kind.class)
    void run_sameSeed_sameTrace(Scenario.Kind kind) {
        SimReport first = run(kind, 12, 7);
        assertThat(run(kind, 12, 7)).isEqualTo(first);
        assertThat(run(kind, 12, 8).traceHash()).isNotEqualTo(first.traceHash());
    }

    @Test
    void run_onSeveralThreads_sameTrace() {
        Scenario crowd = Scenario.of(Scenario.Kind.LIVE, 250, 3).withDurationMillis(15_000);
        SimReport first = new Simulation(crowd).run();
        assertThat(first.offload()).isPositive();
        assertThat(new Simulation(crowd).run()).isEqualTo(first);
    }

    @Test
    void run_live_peersDeliverMostAndNobodyStalls() {
        SimReport report = run(Scenario.Kind.LIVE, 40, 1);
        assertThat(report.offload()).isGreaterThan(0.6);
        assertThat(report.stalls()).isLessThanOrEqualTo(1);
    }

    @Test
    void run_originOnly_takesAllFromTheOriginAndNobodyStalls() {
        Scenario scenario = Scenario.of(Scenario.Kind.LIVE, 10, 1).withDurationMillis(30_000);
        SimReport report = new Simulation(scenario.originOnly()).run();
        assertThat(report.offload()).isZero();
        assertThat(report.stalls()).isZero();
        assertThat(report.startupMillisMedian()).isBetween(50.0, 1000.0);
    }

    @Test
    void run_hostile_liesAreFoundAndPlaybackGoesOn() {
        SimReport report = run(Scenario.Kind.HOSTILE, 40, 1);
        assertThat(report.lies()).isPositive();
        assertThat(report.offload()).isGreaterThan(0.4);
        // Of the viewers, as all other figures: hostile peers play nothing.
        SimReport.SimSample last = report.samples().get(report.samples().size() - 1);
        assertThat(last.stalls()).isEqualTo(report.stalls());
    }

    @Test
    void events_withoutEnd_areALivelock() {
        EventQueue events = new EventQueue(1_000);
        Runnable[] again = new Runnable[1];
        again[0] = () -> events.after(0, again[0]);
        events.after(1, again[0]);
        assertThatThrownBy(() -> events.runUntil(10)).hasMessageContaining("livelock");
    }

    @Test
    void events_runInOrderOfTimeAlsoFarAhead() {
        EventQueue events = new EventQueue(1_000);
        StringBuilder order = new StringBuilder();
        events.at(50_000, () -> order.append('c'));
        events.at(20_000, () -> order.append('b'));
        events.at(3, () -> order.append('a'));
        events.runUntil(60_000);
        assertThat(order).hasToString("abc");
        assertThat(events.size()).isZero();
    }
}
