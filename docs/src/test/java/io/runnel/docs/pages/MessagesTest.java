package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.http.keys.message.KeysCodec;
import io.runnel.p2p.signalling.message.SwarmCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of channel messages in the protocol's description are what the codecs read and write, to the letter. */
class MessagesTest {
    private interface Echo {
        String readAndWrite(String text) throws Exception;
    }

    private static final Map<String, Echo> CODECS = Map.of(
            "messages: keys client", text -> KeysCodec.encode(KeysCodec.decodeClient(text)),
            "messages: keys server", text -> KeysCodec.encode(KeysCodec.decodeServer(text)),
            "messages: swarm client", text -> SwarmCodec.write(SwarmCodec.readClient(text)),
            "messages: swarm server", text -> SwarmCodec.write(SwarmCodec.readServer(text)));

    @Test
    void examples_ofMessages_areWhatTheCodecsWrite() throws Exception {
        List<Page.Block> blocks = Page.named("docs/protocol.md").blocks().stream()
                .filter(block -> block.language().equals("json"))
                .toList();
        assertThat(blocks).extracting(Page.Block::marker).containsAll(CODECS.keySet());
        for (Page.Block block : blocks) {
            Echo codec = CODECS.get(block.marker());
            assertThat(codec).as("codec of a block marked '%s'", block.marker()).isNotNull();
            for (String message : block.lines()) {
                assertThat(codec.readAndWrite(message)).isEqualTo(message);
            }
        }
    }
}
