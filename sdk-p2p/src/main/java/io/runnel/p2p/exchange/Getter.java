package io.runnel.p2p.exchange;

import io.runnel.p2p.exchange.ExchangeEffect.Failure;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The asking side of a connection. Fetches are cut into requests and asked for in order, up to a window ahead; the peer
 * answers requests in the order they were made, so only the oldest may receive. What was cancelled stays known until the
 * peer has confirmed it, since its bytes may be under way.
 */
final class Getter {
    private static final class Transfer {
        final long id;
        final Blob blob;
        final GroupRange groups;
        long asked;
        long delivered;

        Transfer(long id, Blob blob, GroupRange groups) {
            this.id = id;
            this.blob = blob;
            this.groups = groups;
            this.asked = groups.first();
            this.delivered = groups.first();
        }
    }

    private static final class Pending {
        final Transfer transfer;
        final GroupRange groups;
        long next;

        Pending(Transfer transfer, GroupRange groups) {
            this.transfer = transfer;
            this.groups = groups;
            this.next = groups.first();
        }

        GroupRange left() {
            return new GroupRange(next, groups.end());
        }
    }

    private static final class Question {
        final long id;
        final Blob blob;
        final long offset;
        final int length;
        boolean ended;

        Question(long id, Blob blob, long offset, int length) {
            this.id = id;
            this.blob = blob;
            this.offset = offset;
            this.length = length;
        }
    }

    private final Outbox out;
    private final Map<Long, Transfer> transfers = new LinkedHashMap<>();
    private final Map<Long, Question> questions = new LinkedHashMap<>();
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private final Map<Long, Question> pendingTrees = new LinkedHashMap<>();
    private int maxRequests;
    private long windowUsed;
    private long lastId;
    private long progressNanos;
    private boolean stalled;

    Getter(Outbox out) {
        this.out = out;
    }

    /** The peer takes this many requests at a time; nothing is asked before. */
    void start(int most, long now) {
        maxRequests = Math.min(most, ExchangeProtocol.MAX_REQUESTS);
        progressNanos = now;
    }

    void fetch(long id, Blob blob, GroupRange groups, long now) {
        if (transfers.size() >= ExchangeProtocol.MAX_WAITING) {
            out.add(new ExchangeEffect.Failed(id, busy()));
            return;
        }
        transfers.put(id, new Transfer(id, blob, groups));
        ask(now);
    }

    void tree(long id, Blob blob, long offset, int length, long now) {
        if (questions.size() >= ExchangeProtocol.MAX_WAITING) {
            out.add(new ExchangeEffect.TreeFailed(id, busy()));
            return;
        }
        questions.put(id, new Question(id, blob, offset, length));
        ask(now);
    }

    static Failure busy() {
        return new Failure(Reason.BUSY, "peer has too much to do", ExchangeProtocol.BUSY_RETRY_MILLIS);
    }

    void cancel(long transferId) {
        Transfer transfer = transfers.get(transferId);
        if (transfer != null) {
            end(transfer, new Failure(Reason.CLOSED, "fetch was cancelled"), true);
        }
    }

    private void ask(long now) {
        if (pending.isEmpty() && pendingTrees.isEmpty()) {
            progressNanos = now;
        }
        askTrees();
        for (Transfer transfer : transfers.values()) {
            while (transfer.asked < transfer.groups.end()) {
                long end = Math.min(transfer.groups.end(), transfer.asked + ExchangeProtocol.REQUEST_GROUPS);
                GroupRange next = new GroupRange(transfer.asked, end);
                if (pending.size() >= maxRequests
                        || windowUsed + transfer.blob.bytes(next) > ExchangeProtocol.WINDOW_BYTES) {
                    return;
                }
                transfer.asked = end;
                windowUsed += transfer.blob.bytes(next);
                pending.put(++lastId, new Pending(transfer, next));
                out.send(new Frame.Request(lastId, transfer.blob.index, next));
            }
        }
    }

    private void askTrees() {
        Iterator<Question> waiting = questions.values().iterator();
        while (waiting.hasNext() && pendingTrees.size() < maxRequests) {
            Question question = waiting.next();
            waiting.remove();
            pendingTrees.put(++lastId, question);
            out.send(new Frame.Tree(lastId, question.blob.index, question.offset, question.length));
        }
    }

    void groups(Frame.Groups frame, long now) throws MalformedFrameException {
        Map.Entry<Long, Pending> oldest =
                pending.isEmpty() ? null : pending.entrySet().iterator().next();
        if (oldest == null || oldest.getKey() != frame.id()) {
            throw new MalformedFrameException("groups that were not asked for, or not yet their turn");
        }
        Pending request = oldest.getValue();
        Transfer transfer = request.transfer;
        int length = frame.bytes().remaining();
        long count = (length + ExchangeProtocol.GROUP_BYTES - 1L) / ExchangeProtocol.GROUP_BYTES;
        GroupRange arrived = new GroupRange(frame.firstGroup(), frame.firstGroup() + count);
        if (arrived.first() != request.next
                || arrived.end() > request.groups.end()
                || transfer.blob.bytes(arrived) != length) {
            throw new MalformedFrameException("groups other than those asked for");
        }
        progress(now);
        windowUsed -= length;
        request.next = arrived.end();
        if (request.next == request.groups.end()) {
            pending.remove(frame.id());
        }
        if (transfers.get(transfer.id) == transfer) {
            transfer.delivered = arrived.end();
            out.add(new ExchangeEffect.Delivered(transfer.id, arrived.first(), frame.bytes()));
            if (transfer.delivered == transfer.groups.end()) {
                transfers.remove(transfer.id);
                out.add(new ExchangeEffect.Completed(transfer.id));
            }
        } else {
            out.add(new ExchangeEffect.Late(transfer.blob.swarm, length));
        }
        ask(now);
    }

    void treeBytes(Frame.TreeBytes frame, long now) throws MalformedFrameException {
        Question question = pendingTrees.get(frame.id());
        if (question == null || question.length != frame.bytes().remaining()) {
            throw new MalformedFrameException("tree bytes other than those asked for");
        }
        pendingTrees.remove(frame.id());
        progress(now);
        if (!question.ended) {
            out.add(new ExchangeEffect.TreeArrived(question.id, frame.bytes()));
        }
        ask(now);
    }

    void refuse(Frame.Refuse frame, long now) throws MalformedFrameException {
        progress(now);
        Failure failure = new Failure(reason(frame.reason()), "peer refused", frame.retryAfterMillis());
        Question question = pendingTrees.remove(frame.id());
        Pending request = pending.remove(frame.id());
        if (question != null) {
            if (!question.ended) {
                out.add(new ExchangeEffect.TreeFailed(question.id, failure));
            }
        } else if (request != null) {
            windowUsed -= request.transfer.blob.bytes(request.left());
            end(request.transfer, failure, true);
        } else {
            throw new MalformedFrameException("a refusal of nothing");
        }
        ask(now);
    }

    private static Reason reason(Frame.Refuse.Refusal reason) {
        return switch (reason) {
            case BUSY -> Reason.BUSY;
            case NOT_HELD -> Reason.NOT_FOUND;
            case GONE, CANCELLED -> Reason.CLOSED;
            case FAILED -> Reason.UNREACHABLE;
            case NOT_SERVING -> Reason.DENIED;
        };
    }

    private void progress(long now) {
        progressNanos = now;
        stalled = false;
    }

    /** Ends a transfer, if it has not ended, and takes back what was asked of the peer for it. */
    private void end(Transfer transfer, Failure failure, boolean tellPeer) {
        if (!transfers.remove(transfer.id, transfer)) {
            return;
        }
        if (tellPeer) {
            pending.forEach((id, request) -> {
                if (request.transfer == transfer) {
                    out.send(new Frame.Cancel(id));
                }
            });
        }
        out.add(new ExchangeEffect.Failed(transfer.id, failure));
    }

    /** The blob is not open on both sides any more. */
    void close(Blob blob, long now) {
        endAll(each -> each == blob, new Failure(Reason.CLOSED, "peer has left the blob"), true);
        ask(now);
    }

    /** Ends everything, and takes back what was asked of the peer. */
    void endAll(String why, long now) {
        endAll(blob -> true, new Failure(Reason.DENIED, why), true);
        ask(now);
    }

    /** Ends everything; nothing more is sent. */
    void endAll(Failure failure) {
        endAll(each -> true, failure, false);
    }

    private void endAll(Predicate<Blob> which, Failure failure, boolean tellPeer) {
        for (Transfer transfer : List.copyOf(transfers.values())) {
            if (which.test(transfer.blob)) {
                end(transfer, failure, tellPeer);
            }
        }
        List<Question> ended = new ArrayList<>(questions.values());
        ended.addAll(pendingTrees.values());
        for (Question question : ended) {
            if (which.test(question.blob) && !question.ended) {
                question.ended = true;
                questions.remove(question.id);
                out.add(new ExchangeEffect.TreeFailed(question.id, failure));
            }
        }
    }

    /** Whether nothing is asked that is not answered. */
    boolean idle() {
        return pending.isEmpty() && pendingTrees.isEmpty() && transfers.isEmpty() && questions.isEmpty();
    }

    long wakeNanos() {
        return pending.isEmpty() && pendingTrees.isEmpty()
                ? Long.MAX_VALUE
                : progressNanos + ExchangeProtocol.STALL_NANOS;
    }

    /** Fails what waits for a peer that delivers nothing; false when it has had its second chance. */
    boolean wake(long now) {
        if (now < wakeNanos()) {
            return true;
        }
        if (stalled) {
            return false;
        }
        stalled = true;
        progressNanos = now;
        Failure failure = new Failure(Reason.TIMED_OUT, "peer delivers nothing");
        endAll(blob -> true, failure, true);
        return true;
    }
}
