package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames to bytes and back: one byte of type, then fixed big-endian fields. {@link #decode} is total and refuses any
 * byte too few or too many.
 */
final class FrameCodec {
    static final byte HELLO = 1;
    static final byte OPEN = 2;
    static final byte CLOSE = 3;
    static final byte HAVE = 4;
    static final byte TREE = 5;
    static final byte TREE_BYTES = 6;
    static final byte REQUEST = 7;
    static final byte GROUPS = 8;
    static final byte REFUSE = 9;
    static final byte CANCEL = 10;
    static final byte BYE = 11;
    static final byte CREDENTIAL = 12;
    static final byte SERVING = 13;

    private static final int RUN_BYTES = 8;

    private FrameCodec() {}

    /**
     * Reads one frame, which is all of {@code in} from position to limit. The payloads of the result are slices of it.
     */
    static Frame decode(ByteBuffer in) throws MalformedFrameException {
        int length = in.remaining();
        require(length >= 1 && length <= ExchangeProtocol.MAX_FRAME_BYTES, "length of a frame");
        ByteBuffer body = in.slice();
        return switch (body.get()) {
            case HELLO -> hello(body);
            case OPEN -> open(body);
            case CLOSE -> new Frame.Close(index(sized(body, 2)));
            case HAVE -> have(body);
            case TREE -> tree(body);
            case TREE_BYTES -> treeBytes(body);
            case REQUEST -> request(body);
            case GROUPS -> groups(body);
            case REFUSE -> refuse(body);
            case CANCEL -> new Frame.Cancel(uint(sized(body, 4)));
            case BYE -> new Frame.Bye(one(Frame.Bye.Parting.values(), sized(body, 1)));
            case CREDENTIAL -> credential(body);
            case SERVING -> serving(body);
            default -> throw new MalformedFrameException("unknown type of frame");
        };
    }

    private static Frame hello(ByteBuffer in) throws MalformedFrameException {
        sized(in, 12);
        require(in.getInt() == ExchangeProtocol.MAGIC, "magic of a hello");
        int version = in.get() & 0xff;
        int flags = in.get() & 0xff;
        long maxFrame = uint(in);
        int maxRequests = in.getShort() & 0xffff;
        require(flags <= 1, "flags of a hello");
        require(maxFrame >= ExchangeProtocol.MIN_FRAME_BYTES && maxFrame <= Integer.MAX_VALUE, "frame size of a hello");
        require(maxRequests >= 1, "requests of a hello");
        return new Frame.Hello(version, flags == 1, (int) maxFrame, maxRequests);
    }

    private static Frame open(ByteBuffer in) throws MalformedFrameException {
        int index = index(sized(in, 34));
        byte[] swarm = new byte[SwarmId.BYTES];
        in.get(swarm);
        return new Frame.Open(index, SwarmId.of(swarm));
    }

    private static Frame have(ByteBuffer in) throws MalformedFrameException {
        require(in.remaining() >= 5, "length of a frame");
        int index = index(in);
        int kind = in.get();
        int count = in.getShort() & 0xffff;
        require(kind == 0 || kind == 1, "kind of a have");
        require(count <= ExchangeProtocol.MAX_HAVE_RUNS, "runs of a have");
        sized(in, count * RUN_BYTES);
        List<GroupRange> runs = new ArrayList<>(count);
        long from = 0;
        for (int i = 0; i < count; i++) {
            GroupRange run = range(in);
            require(run.first() >= from, "order of a have");
            from = run.end() + 1;
            runs.add(run);
        }
        return new Frame.Have(index, kind == 1, runs);
    }

    private static Frame tree(ByteBuffer in) throws MalformedFrameException {
        long id = uint(sized(in, 18));
        int index = index(in);
        long offset = in.getLong();
        long length = uint(in);
        int node = ExchangeProtocol.NODE_BYTES;
        require(offset >= 0 && offset % node == 0, "offset of a tree");
        require(length >= node && length <= ExchangeProtocol.MAX_TREE_BYTES && length % node == 0, "length of a tree");
        return new Frame.Tree(id, index, offset, (int) length);
    }

    private static Frame treeBytes(ByteBuffer in) throws MalformedFrameException {
        require(in.remaining() > 4, "length of a frame");
        long id = uint(in);
        int length = in.remaining();
        require(
                length <= ExchangeProtocol.MAX_TREE_BYTES && length % ExchangeProtocol.NODE_BYTES == 0,
                "length of tree bytes");
        return new Frame.TreeBytes(id, in.slice());
    }

    private static Frame request(ByteBuffer in) throws MalformedFrameException {
        long id = uint(sized(in, 14));
        int index = index(in);
        GroupRange groups = range(in);
        require(groups.count() <= ExchangeProtocol.MAX_REQUEST_GROUPS, "groups of a request");
        return new Frame.Request(id, index, groups);
    }

    private static Frame groups(ByteBuffer in) throws MalformedFrameException {
        require(in.remaining() > 8, "length of a frame");
        long id = uint(in);
        long first = uint(in);
        require(in.remaining() <= ExchangeProtocol.MAX_FRAME_GROUPS * ExchangeProtocol.GROUP_BYTES, "length of groups");
        return new Frame.Groups(id, first, in.slice());
    }

    private static Frame refuse(ByteBuffer in) throws MalformedFrameException {
        long id = uint(sized(in, 9));
        Frame.Refuse.Refusal reason = one(Frame.Refuse.Refusal.values(), in);
        long retry = uint(in);
        require(retry <= ExchangeProtocol.MAX_RETRY_MILLIS, "retry of a refusal");
        return new Frame.Refuse(id, reason, retry);
    }

    private static Frame credential(ByteBuffer in) throws MalformedFrameException {
        require(in.hasRemaining() && in.remaining() <= ExchangeProtocol.MAX_CREDENTIAL_BYTES, "length of a credential");
        return new Frame.Credential(in.slice());
    }

    private static Frame serving(ByteBuffer in) throws MalformedFrameException {
        int serves = sized(in, 1).get();
        require(serves == 0 || serves == 1, "value of a serving");
        return new Frame.Serving(serves == 1);
    }

    private static GroupRange range(ByteBuffer in) throws MalformedFrameException {
        long first = uint(in);
        long count = uint(in);
        require(count >= 1 && first + count <= ExchangeProtocol.MAX_GROUPS, "range of groups");
        return new GroupRange(first, first + count);
    }

    private static int index(ByteBuffer in) throws MalformedFrameException {
        int index = in.getShort() & 0xffff;
        require(index < ExchangeProtocol.MAX_BLOBS, "index of a blob");
        return index;
    }

    private static long uint(ByteBuffer in) {
        return in.getInt() & 0xffff_ffffL;
    }

    private static <E extends Coded> E one(E[] values, ByteBuffer in) throws MalformedFrameException {
        int code = in.get();
        for (E value : values) {
            if (value.code() == code) {
                return value;
            }
        }
        throw new MalformedFrameException("unknown reason");
    }

    private static ByteBuffer sized(ByteBuffer in, int bytes) throws MalformedFrameException {
        require(in.remaining() == bytes, "length of a frame");
        return in;
    }

    private static void require(boolean holds, String rule) throws MalformedFrameException {
        if (!holds) {
            throw new MalformedFrameException(rule);
        }
    }

    /** The frame's bytes, in one part or two: payloads are not copied. */
    static List<ByteBuffer> encode(Frame frame) {
        Writer writer = new Writer();
        try {
            frame.deliver(writer);
        } catch (MalformedFrameException e) {
            throw new IllegalStateException("a writer refuses nothing", e);
        }
        return writer.parts;
    }

    private static final class Writer implements Frame.Sink {
        private List<ByteBuffer> parts = List.of();

        private static ByteBuffer begin(byte type, int bytes) {
            return ByteBuffer.allocate(1 + bytes).put(type);
        }

        private void end(ByteBuffer header) {
            parts = List.of(header.flip());
        }

        private void end(ByteBuffer header, ByteBuffer payload) {
            parts = List.of(header.flip(), payload.duplicate());
        }

        @Override
        public void hello(Frame.Hello frame) {
            end(begin(HELLO, 12)
                    .putInt(ExchangeProtocol.MAGIC)
                    .put((byte) frame.version())
                    .put((byte) (frame.serves() ? 1 : 0))
                    .putInt(frame.maxFrameBytes())
                    .putShort((short) frame.maxRequests()));
        }

        @Override
        public void open(Frame.Open frame) {
            end(begin(OPEN, 34)
                    .putShort((short) frame.index())
                    .put(frame.swarm().bytes()));
        }

        @Override
        public void close(Frame.Close frame) {
            end(begin(CLOSE, 2).putShort((short) frame.index()));
        }

        @Override
        public void have(Frame.Have frame) {
            ByteBuffer out = begin(HAVE, 5 + frame.runs().size() * RUN_BYTES);
            out.putShort((short) frame.index())
                    .put((byte) (frame.added() ? 1 : 0))
                    .putShort((short) frame.runs().size());
            for (GroupRange run : frame.runs()) {
                out.putInt((int) run.first()).putInt((int) run.count());
            }
            end(out);
        }

        @Override
        public void tree(Frame.Tree frame) {
            end(begin(TREE, 18)
                    .putInt((int) frame.id())
                    .putShort((short) frame.index())
                    .putLong(frame.offset())
                    .putInt(frame.length()));
        }

        @Override
        public void treeBytes(Frame.TreeBytes frame) {
            end(begin(TREE_BYTES, 4).putInt((int) frame.id()), frame.bytes());
        }

        @Override
        public void request(Frame.Request frame) {
            end(begin(REQUEST, 14)
                    .putInt((int) frame.id())
                    .putShort((short) frame.index())
                    .putInt((int) frame.groups().first())
                    .putInt((int) frame.groups().count()));
        }

        @Override
        public void groups(Frame.Groups frame) {
            end(begin(GROUPS, 8).putInt((int) frame.id()).putInt((int) frame.firstGroup()), frame.bytes());
        }

        @Override
        public void refuse(Frame.Refuse frame) {
            end(begin(REFUSE, 9)
                    .putInt((int) frame.id())
                    .put((byte) frame.reason().code())
                    .putInt((int) frame.retryAfterMillis()));
        }

        @Override
        public void cancel(Frame.Cancel frame) {
            end(begin(CANCEL, 4).putInt((int) frame.id()));
        }

        @Override
        public void bye(Frame.Bye frame) {
            end(begin(BYE, 1).put((byte) frame.reason().code()));
        }

        @Override
        public void credential(Frame.Credential frame) {
            end(begin(CREDENTIAL, 0), frame.encoded());
        }

        @Override
        public void serving(Frame.Serving frame) {
            end(begin(SERVING, 1).put((byte) (frame.serves() ? 1 : 0)));
        }
    }
}
