package io.runnel.p2p.signalling.message;

import io.runnel.crypto.Bytes32;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns tracker messages into JSON text and back. Binary fields are base64url without padding, swarm ids and peer keys
 * too. Reading is total: whatever a stranger sends is a message or a {@link MalformedMessageException}. Every method may
 * be called from any thread.
 */
public final class SwarmCodec {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SwarmCodec() {}

    /** Reads what a peer sent. */
    public static ClientMessage readClient(String text) throws MalformedMessageException {
        return read(text, SwarmCodec::client);
    }

    /** Reads what a tracker sent. */
    public static ServerMessage readServer(String text) throws MalformedMessageException {
        return read(text, SwarmCodec::server);
    }

    /** The text of a message to the tracker. */
    public static String write(ClientMessage message) {
        ClientWriter writer = new ClientWriter(JSON.createObjectNode());
        message.deliver(writer);
        return writer.json.toString();
    }

    /** The text of a message to a peer. */
    public static String write(ServerMessage message) {
        ServerWriter writer = new ServerWriter(JSON.createObjectNode());
        message.deliver(writer);
        return writer.json.toString();
    }

    private interface Reader<M> {
        M read(String type, Fields fields) throws MalformedMessageException;
    }

    private static <M> M read(String text, Reader<M> reader) throws MalformedMessageException {
        Fields fields = Fields.parse(text);
        try {
            M message = reader.read(fields.text("type"), fields);
            fields.end();
            return message;
        } catch (IllegalArgumentException e) {
            // Thrown by the messages' own bounds; it names field, value and bound.
            throw new MalformedMessageException(String.valueOf(e.getMessage()));
        }
    }

    private static ClientMessage client(String type, Fields in) throws MalformedMessageException {
        return switch (type) {
            case "join" ->
                new ClientMessage.Join(
                        in.swarm(),
                        in.bytes("credential"),
                        in.bytes("signature"),
                        in.number("want"),
                        in.flag("serves"));
            case "announce" -> new ClientMessage.Announce(in.swarm(), in.number("want"));
            case "signal" -> new ClientMessage.Signal(in.swarm(), in.key("to"), in.bytes("payload"));
            case "leave" -> new ClientMessage.Leave(in.swarm());
            case "ping" -> new ClientMessage.Ping();
            default -> throw new MalformedMessageException("type: unknown to a tracker");
        };
    }

    private static ServerMessage server(String type, Fields in) throws MalformedMessageException {
        return switch (type) {
            case "challenge" -> new ServerMessage.Challenge(in.bytes("nonce"));
            case "joined" -> new ServerMessage.Joined(in.swarm(), in.number("members"));
            case "seated" -> new ServerMessage.Seated(in.swarm(), new Seat(in.number("seat"), in.number("seats")));
            case "peers" -> new ServerMessage.Peers(in.swarm(), in.keys("peers"));
            case "signal" -> new ServerMessage.Signal(in.swarm(), in.key("from"), in.bytes("payload"));
            case "gone" -> new ServerMessage.Gone(in.swarm(), in.key("peer"));
            case "denied" -> new ServerMessage.Denied(in.swarm(), reason(in.text("reason")));
            case "pong" -> new ServerMessage.Pong();
            default -> throw new MalformedMessageException("type: unknown to a peer");
        };
    }

    private static ServerMessage.Denied.Reason reason(String text) throws MalformedMessageException {
        for (ServerMessage.Denied.Reason reason : ServerMessage.Denied.Reason.values()) {
            if (reason.name().equals(text)) {
                return reason;
            }
        }
        throw new MalformedMessageException("reason: unknown");
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(copy);
    }

    private static String base64(Bytes32 value) {
        return base64(ByteBuffer.wrap(value.bytes()));
    }

    private record ClientWriter(ObjectNode json) implements ClientMessage.Sink {
        @Override
        public void join(ClientMessage.Join message) {
            json.put("type", "join").put("swarm", base64(message.swarm()));
            json.put("credential", base64(message.credential())).put("signature", base64(message.signature()));
            json.put("want", message.want()).put("serves", message.serves());
        }

        @Override
        public void announce(ClientMessage.Announce message) {
            json.put("type", "announce").put("swarm", base64(message.swarm())).put("want", message.want());
        }

        @Override
        public void signal(ClientMessage.Signal message) {
            json.put("type", "signal").put("swarm", base64(message.swarm()));
            json.put("to", base64(message.to())).put("payload", base64(message.payload()));
        }

        @Override
        public void leave(ClientMessage.Leave message) {
            json.put("type", "leave").put("swarm", base64(message.swarm()));
        }

        @Override
        public void ping(ClientMessage.Ping message) {
            json.put("type", "ping");
        }
    }

    private record ServerWriter(ObjectNode json) implements ServerMessage.Sink {
        @Override
        public void challenge(ServerMessage.Challenge message) {
            json.put("type", "challenge").put("nonce", base64(message.nonce()));
        }

        @Override
        public void joined(ServerMessage.Joined message) {
            json.put("type", "joined").put("swarm", base64(message.swarm())).put("members", message.members());
        }

        @Override
        public void seated(ServerMessage.Seated message) {
            json.put("type", "seated").put("swarm", base64(message.swarm()));
            json.put("seat", message.seat().index()).put("seats", message.seat().count());
        }

        @Override
        public void peers(ServerMessage.Peers message) {
            json.put("type", "peers").put("swarm", base64(message.swarm()));
            ArrayNode peers = json.putArray("peers");
            message.peers().forEach(peer -> peers.add(base64(peer)));
        }

        @Override
        public void signal(ServerMessage.Signal message) {
            json.put("type", "signal").put("swarm", base64(message.swarm()));
            json.put("from", base64(message.from())).put("payload", base64(message.payload()));
        }

        @Override
        public void gone(ServerMessage.Gone message) {
            json.put("type", "gone").put("swarm", base64(message.swarm())).put("peer", base64(message.peer()));
        }

        @Override
        public void denied(ServerMessage.Denied message) {
            json.put("type", "denied").put("swarm", base64(message.swarm()));
            json.put("reason", message.reason().name());
        }

        @Override
        public void pong(ServerMessage.Pong message) {
            json.put("type", "pong");
        }
    }
}
