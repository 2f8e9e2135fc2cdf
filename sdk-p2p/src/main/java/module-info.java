import org.jspecify.annotations.NullMarked;

/**
 * Swarm membership, signalling, the blob exchange protocol and the WebRTC transport.
 */
@NullMarked
module io.runnel.p2p {
    requires transitive io.runnel.core;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires webrtc.java;

    exports io.runnel.p2p;
    exports io.runnel.p2p.bench to
            io.runnel.cli;
    exports io.runnel.p2p.signalling.message;
    exports io.runnel.p2p.exchange to
            io.runnel.sim;
}
