package io.runnel.sim;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The course of a run over time, to read elsewhere: comma-separated values, and a plot. */
public final class Course {
    private Course() {}

    /** One line for each sample, after one of names. Times in milliseconds, shares from 0 to 1. */
    public static String csv(SimReport report) {
        StringBuilder text = new StringBuilder("millis,offload,originCopies,stalls,startupMillisMedian\n");
        for (SimReport.SimSample sample : report.samples()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d,%.4f,%.3f,%d,%.0f%n",
                    sample.millis(),
                    sample.offload(),
                    sample.originCopies(),
                    sample.stalls(),
                    sample.startupMillisMedian()));
        }
        return text.toString().replace("\r\n", "\n");
    }

    /**
     * A plot as SVG: offload, origin copies, stalls and startup, one below the other over the same time.
     *
     * @param originOnly the same viewers without peers, drawn beside it where it compares
     */
    public static String svg(SimReport report, SimReport originOnly) {
        Scenario scenario = report.scenario();
        String title = String.format(
                Locale.ROOT,
                "%s, %d peers, %d s, seed %d",
                scenario.kind().label(),
                scenario.peers(),
                scenario.durationMillis() / 1000,
                scenario.seed());
        Plot plot = new Plot(title, scenario.durationMillis() / 1000.0);
        plot.panel("offload, each 5 s", 1, List.of(peers(report, SimReport.SimSample::offload)));
        plot.panel("origin copies so far", 1, List.of(peers(report, SimReport.SimSample::originCopies)));
        plot.panel(
                "stalls so far",
                1,
                List.of(peers(report, SimReport.SimSample::stalls), alone(originOnly, SimReport.SimSample::stalls)));
        plot.panel(
                "median startup, ms",
                1,
                List.of(
                        peers(report, SimReport.SimSample::startupMillisMedian),
                        alone(originOnly, SimReport.SimSample::startupMillisMedian)));
        return plot.svg();
    }

    private static Plot.Line peers(SimReport report, ToDoubleFunction<SimReport.SimSample> value) {
        return line("with peers", "#1b6ca8", report, value);
    }

    private static Plot.Line alone(SimReport report, ToDoubleFunction<SimReport.SimSample> value) {
        String name = "origin alone (" + report.scenario().peers() + " viewers)";
        return line(name, "#c2571a", report, value);
    }

    private static Plot.Line line(
            String name, String colour, SimReport report, ToDoubleFunction<SimReport.SimSample> value) {
        List<Plot.Point> points = report.samples().stream()
                .map(sample -> new Plot.Point(sample.millis() / 1000.0, value.applyAsDouble(sample)))
                .toList();
        return new Plot.Line(name, colour, points);
    }
}
