package io.runnel.devserver.web;

/** Websocket close codes both channels share; 44xx are in the range RFC 6455 section 7.4.2 leaves to applications. */
public final class CloseCodes {
    /** RFC 6455: the server stops, or the peer left. */
    public static final int GOING_AWAY = 1001;
    /** RFC 6455: the server failed. */
    public static final int SERVER_ERROR = 1011;
    /** The peer broke the protocol. */
    public static final int PROTOCOL = 4400;
    /** The first message did not come in time. */
    public static final int HELLO_LATE = 4408;
    /** Too many channels are open. */
    public static final int TOO_MANY_SESSIONS = 4409;
    /** The peer sends too fast or reads too slowly. */
    public static final int RATE = 4429;

    private CloseCodes() {}
}
