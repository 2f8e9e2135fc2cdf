package io.runnel.sim;

import java.util.ArrayDeque;

/** A peer's uplink: one long message after the other, taking turns between the wires that have some. */
final class Uplink {
    private final EventQueue events;
    private final double bytesPerMilli;
    private final ArrayDeque<Wire> turns = new ArrayDeque<>();
    private boolean busy;

    Uplink(EventQueue events, double bytesPerMilli) {
        this.events = events;
        this.bytesPerMilli = bytesPerMilli;
    }

    void wants(Wire wire) {
        if (!wire.queued) {
            wire.queued = true;
            turns.add(wire);
        }
        if (!busy) {
            next();
        }
    }

    private void next() {
        while (!turns.isEmpty()) {
            Wire wire = turns.remove();
            wire.queued = false;
            Wire.Message message = wire.nextLong();
            if (message != null) {
                busy = true;
                if (!wire.idle()) {
                    wants(wire);
                }
                events.after(Math.max(1, Math.round(message.bytes() / bytesPerMilli)), () -> {
                    wire.launch(message);
                    next();
                });
                return;
            }
        }
        busy = false;
    }
}
