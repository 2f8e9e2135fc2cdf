package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A peer that behaves until it is connected: its messages are tampered with on their way to the real data channel. */
final class HostileTransport implements PeerTransport {
    /** Types of frames, by their first byte. */
    private static final int HELLO = 1;

    private static final int TREE_BYTES = 6;
    private static final int GROUPS = 8;
    private static final int REFUSE = 9;

    private static final byte CANCEL = 10;
    private static final int CANCEL_BYTES = 5;
    private static final int FLOOD_MESSAGES = 500;
    private static final int GROUPS_HEAD_BYTES = 9;
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
        FLOOD
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
                        flood(0);
                    }
                }
            }
        }

        @Override
        public void handedOver(long bytes) {
            super.handedOver(bytes);
            if (manner == Manner.FLOOD) {
                flood(bytes);
            }
        }

        /** Cancels what was never asked, each time legal; never more at once than this side's own queue should hold. */
        private synchronized void flood(long takenBytes) {
            queuedBytes = Math.max(0, queuedBytes - takenBytes);
            while (queuedBytes < (long) CANCEL_BYTES * FLOOD_MESSAGES) {
                link.send(List.of(ByteBuffer.wrap(new byte[CANCEL_BYTES]).put(0, CANCEL)));
                queuedBytes += CANCEL_BYTES;
            }
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
