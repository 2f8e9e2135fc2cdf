package io.runnel.devserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.devserver.tls.TrustedAuthority;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;

/** A websocket client by hand, which reads only when told to: what no well-behaved client does. */
final class DeafPeer implements AutoCloseable {
    private static final int TEXT_FRAME = 0x81;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTE_LENGTH = 126;

    private final Socket socket;
    private final DataInputStream in;

    DeafPeer(DevServer server, String path, String subprotocol) throws IOException {
        socket = TrustedAuthority.context(server.caCertificate())
                .getSocketFactory()
                .createSocket("localhost", server.port());
        in = new DataInputStream(socket.getInputStream());
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: " + subprotocol + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + answer);
        }
    }

    /** Sends a message of at most 65535 bytes, masked with zeros. */
    void send(String text) throws IOException {
        byte[] payload = text.getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frame);
        out.writeByte(TEXT_FRAME);
        if (payload.length < TWO_BYTE_LENGTH) {
            out.writeByte(MASKED | payload.length);
        } else {
            out.writeByte(MASKED | TWO_BYTE_LENGTH);
            out.writeShort(payload.length);
        }
        out.writeInt(0);
        out.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** Reads one message of at most 65535 bytes; fails with the code where the server closes. */
    String read() throws IOException {
        int kind = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (kind != TEXT_FRAME) {
            throw new IOException("frame " + kind + ", code " + in.readUnsignedShort());
        }
        return new String(in.readNBytes(length == TWO_BYTE_LENGTH ? in.readUnsignedShort() : length), UTF_8);
    }

    boolean connected() {
        return socket.isConnected();
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
