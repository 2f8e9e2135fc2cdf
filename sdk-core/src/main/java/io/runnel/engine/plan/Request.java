package io.runnel.engine.plan;

import io.runnel.source.GroupRange;

/** Groups asked of one source. They arrive in ascending order. Equal only to itself. */
public final class Request {
    private final Holder holder;
    private final GroupRange groups;
    private final AskReason reason;
    private long next;
    private boolean over;

    Request(Holder holder, GroupRange groups, AskReason reason) {
        this.holder = holder;
        this.groups = groups;
        this.reason = reason;
        this.next = groups.first();
    }

    /** Who was asked. */
    public Holder holder() {
        return holder;
    }

    /** What was asked for. */
    public GroupRange groups() {
        return groups;
    }

    /** Why this source was chosen. */
    public AskReason reason() {
        return reason;
    }

    /** What has not come. */
    public GroupRange missing() {
        return new GroupRange(next, groups.end());
    }

    /** The first group that has not come. */
    public long next() {
        return next;
    }

    /** Whether nothing more is expected of it: it ended, or was taken back. */
    public boolean over() {
        return over;
    }

    void advance(long to) {
        next = to;
    }

    void end() {
        over = true;
    }
}
