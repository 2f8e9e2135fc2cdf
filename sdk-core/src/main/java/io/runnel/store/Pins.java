package io.runnel.store;

import io.runnel.source.GroupRange;
import java.util.ArrayList;
import java.util.List;

/** What of one blob its readers need kept. Guarded by the store's lock. */
final class Pins {
    private final Object lock;
    private final List<Held> pins = new ArrayList<>();

    Pins(Object lock) {
        this.lock = lock;
    }

    /** A new pin; it ends with its owner at the latest. */
    StoredBlob.Pin add(StoredBlob owner, GroupRange groups) {
        Held pin = new Held(owner, groups);
        pins.add(pin);
        return pin;
    }

    /** Ends all pins of an owner. */
    void end(StoredBlob owner) {
        pins.removeIf(pin -> pin.owner == owner);
    }

    /** Whether any of these groups is needed. */
    boolean touch(GroupRange groups) {
        for (Held pin : pins) {
            if (pin.groups.first() < groups.end() && groups.first() < pin.groups.end()) {
                return true;
            }
        }
        return false;
    }

    private final class Held implements StoredBlob.Pin {
        private final StoredBlob owner;
        private GroupRange groups;

        Held(StoredBlob owner, GroupRange groups) {
            this.owner = owner;
            this.groups = groups;
        }

        @Override
        public void move(GroupRange to) {
            synchronized (lock) {
                groups = to;
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                pins.remove(this);
            }
        }
    }
}
