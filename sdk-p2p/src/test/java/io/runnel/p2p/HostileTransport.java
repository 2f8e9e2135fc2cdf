package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A peer that behaves until it is connected: its messages are tampered with on their way to the real data channel. */
final class HostileTransport implements PeerTransport {
    /** Types of frames, by their first byte. */
    private static final int HELLO = 1;

    private static final int TREE_BYTES = 6;
    private static final int GROUPS = 8;
    private static final int REFUSE = 9;

    private static final byte HAVE = 4;
    private static final int HAVE_HEAD_BYTES = 6;
    private static final int RUN_BYTES = 8;
    private static final int RUNS = 128;

    private static final byte CANCEL = 10;
    private static final int CANCEL_BYTES = 5;
    private static final int FLOOD_MESSAGES = 500;
    private static final int GROUPS_HEAD_BYTES = 9;
    private static final int VERSION_OFFSET = 5;
    private static final byte OTHER_VERSION = 2;
    private static final int BIG_BYTES = 1 << 17;

    /** What it does. */
    enum Manner {
        /** Flips the first byte of each piece of the blob, so that no group of it is any good. */
        LIAR,
        /** Says what it holds and never delivers. */
        MUTE,
        /** Does not even greet. */
        SILENT,
        /** Greets, then sends what is no frame. */
        JUNK,
        /** Sends groups nobody asked for in place of what it is asked for. */
        UNASKED,
        /** Delivers nothing, but sends the smallest message there is, as fast as the channel takes it. */
        FLOOD,
        /** Delivers nothing, but says without end that it holds many pieces, and one of them again and again. */
        BOAST,
        /** Greets in another version of the protocol, as a build of another year does. */
        STRANGER
    }

    private final PeerTransport transport;
    private final Manner manner;
    private final SplittableRandom random;

    /**
     * A peer of this manner.
     *
     * @param transport what really connects; closed with this
     */
    HostileTransport(PeerTransport transport, Manner manner, long seed) {
        this.transport = transport;
        this.manner = manner;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public PeerLink offer(PeerLink.Listener listener) {
        Hostile link = new Hostile(listener);
        return link.over(transport.offer(link));
    }

    @Override
    public PeerLink answer(String remoteOffer, PeerLink.Listener listener) {
        Hostile link = new Hostile(listener);
        return link.over(transport.answer(remoteOffer, link));
    }

    @Override
    public void close() {
        transport.close();
    }

    private final class Hostile extends HeardLink implements PeerLink {
        private volatile PeerLink link;
        private @Nullable ByteBuffer flood;
        private long queuedBytes;

        Hostile(PeerLink.Listener listener) {
            super(listener);
        }

        PeerLink over(PeerLink made) {
            link = made;
            return this;
        }

        @Override
        public void answered(String remoteAnswer) {
            link.answered(remoteAnswer);
        }

        @Override
        public void send(List<ByteBuffer> parts) {
            int type = parts.get(0).get(parts.get(0).position());
            boolean delivers = type == GROUPS || type == TREE_BYTES || type == REFUSE;
            switch (manner) {
                case LIAR -> link.send(type == GROUPS ? changed(parts) : parts);
                case MUTE -> {
                    if (!delivers) {
                        link.send(parts);
                    }
                }
                case SILENT -> {}
                case JUNK -> link.send(type == HELLO ? parts : List.of(noise(1 + random.nextInt(BIG_BYTES))));
                case UNASKED -> {
                    if (delivers) {
                        link.send(List.of(unasked()));
                    } else {
                        link.send(parts);
                    }
                }
                case FLOOD -> {
                    if (!delivers) {
                        link.send(parts);
                    }
                    if (type == HELLO) {
                        flood(ByteBuffer.allocate(CANCEL_BYTES).put(0, CANCEL));
                    }
                }
                case BOAST -> {
                    if (type == HAVE) {
                        int index = parts.get(0).getShort(parts.get(0).position() + 1);
                        link.send(List.of(have(index, false, RUNS)));
                        flood(have(index, true, 1));
                    } else if (!delivers) {
                        link.send(parts);
                    }
                }
                case STRANGER -> link.send(type == HELLO ? List.of(ofAnotherVersion(parts)) : parts);
            }
        }

        @Override
        public void handedOver(long bytes) {
            super.handedOver(bytes);
            taken(bytes);
        }

        private synchronized void flood(ByteBuffer message) {
            flood = message;
            taken(0);
        }

        /** Says the same, each time legal; never more at once than this side's own queue should hold. */
        private synchronized void taken(long bytes) {
            queuedBytes = Math.max(0, queuedBytes - bytes);
            while (flood != null && queuedBytes < (long) flood.remaining() * FLOOD_MESSAGES) {
                link.send(List.of(flood.duplicate()));
                queuedBytes += flood.remaining();
            }
        }

        /** Every other group. */
        private static ByteBuffer have(int index, boolean added, int runs) {
            ByteBuffer frame = ByteBuffer.allocate(HAVE_HEAD_BYTES + runs * RUN_BYTES);
            frame.put(HAVE).putShort((short) index).put((byte) (added ? 1 : 0)).putShort((short) runs);
            for (int i = 0; i < runs; i++) {
                frame.putInt(2 * i).putInt(1);
            }
            return frame.flip();
        }

        private ByteBuffer unasked() {
            ByteBuffer frame = ByteBuffer.allocate(GROUPS_HEAD_BYTES + BIG_BYTES);
            return frame.put(0, (byte) GROUPS).putInt(1, 1_000_000_000);
        }

        private ByteBuffer noise(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return ByteBuffer.wrap(bytes);
        }

        private static ByteBuffer ofAnotherVersion(List<ByteBuffer> hello) {
            ByteBuffer copy = ByteBuffer.allocate(
                    hello.stream().mapToInt(ByteBuffer::remaining).sum());
            hello.forEach(part -> copy.put(part.duplicate()));
            return copy.flip().put(VERSION_OFFSET, OTHER_VERSION);
        }

        private static List<ByteBuffer> changed(List<ByteBuffer> parts) {
            List<ByteBuffer> changed = new ArrayList<>(parts);
            ByteBuffer last = changed.remove(changed.size() - 1);
            ByteBuffer copy =
                    ByteBuffer.allocate(last.remaining()).put(last.duplicate()).flip();
            copy.put(0, (byte) ~copy.get(0));
            changed.add(copy);
            return changed;
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
