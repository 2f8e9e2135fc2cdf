package io.runnel.sim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Line plots one below the other over the same time, as SVG. */
final class Plot {
    private static final int WIDTH = 860;
    private static final int LEFT = 80;
    private static final int RIGHT = 24;
    private static final int TOP = 64;
    private static final int PANEL_HEIGHT = 130;
    private static final int GAP = 44;
    private static final int TICKS = 4;

    private final String title;
    private final double seconds;
    private final StringBuilder body = new StringBuilder();
    private final Map<String, String> legend = new LinkedHashMap<>();
    private int panels;

    /** A value at a time in seconds. */
    record Point(double seconds, double value) {}

    /** A named line; lines of one name have one entry in the legend. */
    record Line(String name, String colour, List<Point> points) {}

    Plot(String title, double seconds) {
        this.title = title;
        this.seconds = seconds;
    }

    /**
     * Adds a panel from 0 up.
     *
     * @param label of the vertical axis
     * @param least the axis reaches at least this far
     */
    void panel(String label, double least, List<Line> lines) {
        int top = TOP + panels * (PANEL_HEIGHT + GAP);
        panels++;
        double most = least;
        for (Line line : lines) {
            for (Point point : line.points()) {
                most = Math.max(most, point.value());
            }
        }
        most = round(most);
        text(LEFT, top - 8, "start", label);
        for (int tick = 0; tick <= TICKS; tick++) {
            double y = top + PANEL_HEIGHT - (double) PANEL_HEIGHT * tick / TICKS;
            add("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>", LEFT, WIDTH - RIGHT, y, y);
            text(LEFT - 8, y + 4, "end", number(most * tick / TICKS));
        }
        for (int tick = 0; tick <= 2 * TICKS; tick++) {
            double at = seconds * tick / (2 * TICKS);
            text(x(at), top + PANEL_HEIGHT + 16, "middle", number(at) + (tick == 2 * TICKS ? " s" : ""));
        }
        for (Line line : lines) {
            draw(line, top, most);
        }
    }

    private void draw(Line line, int top, double most) {
        legend.put(line.name(), line.colour());
        StringBuilder points = new StringBuilder();
        for (Point point : line.points()) {
            double y = top + PANEL_HEIGHT * (1 - point.value() / most);
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.seconds()), y));
        }
        add(
                "<polyline fill='none' stroke='%s' stroke-width='2' points='%s'/>",
                line.colour(), points.toString().trim());
    }

    private double x(double at) {
        return LEFT + (WIDTH - LEFT - RIGHT) * at / seconds;
    }

    /** The next of 1, 2, 4, 5, 8 times a power of ten: its quarters are easy to read. */
    private static double round(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        for (double step : new double[] {1, 2, 4, 5, 8}) {
            if (most <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }

    private void text(double x, double y, String anchor, String words) {
        add("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, words);
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String svg() {
        int height = TOP + panels * (PANEL_HEIGHT + GAP);
        int x = LEFT;
        for (Map.Entry<String, String> entry : legend.entrySet()) {
            add("<line x1='%d' x2='%d' y1='38' y2='38' stroke='%s' stroke-width='3'/>", x, x + 24, entry.getValue());
            text(x + 30, 42, "start", entry.getKey());
            x += 60 + 7 * entry.getKey().length();
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'"
                                + " font-family='sans-serif' font-size='12' fill='#333'>%n"
                                + "<rect width='100%%' height='100%%' fill='white'/>%n"
                                + "<text x='%d' y='20' font-size='15' font-weight='bold'>%s</text>%n%s</svg>%n",
                        WIDTH,
                        height,
                        WIDTH,
                        height,
                        LEFT,
                        title,
                        body)
                .replace("\r\n", "\n");
    }
}
