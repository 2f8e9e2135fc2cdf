package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.RTCStatsType;
import io.runnel.source.PeerPath;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectedPairTest {
    private final Map<String, RTCStats> report = new HashMap<>();

    private void put(RTCStatsType type, String id, Map<String, Object> attributes) {
        report.put(id, new RTCStats(0, type, id, attributes) {});
    }

    private PeerPath path() {
        return SelectedPair.path(new RTCStatsReport(report, 0) {});
    }

    private void transport(String pair) {
        put(RTCStatsType.TRANSPORT, "T01", Map.of("selectedCandidatePairId", pair));
    }

    private void pair(String id, String local, String remote) {
        put(RTCStatsType.CANDIDATE_PAIR, id, Map.of("localCandidateId", local, "remoteCandidateId", remote));
    }

    private void candidates(String local, String remote) {
        put(RTCStatsType.LOCAL_CANDIDATE, "L", Map.of("candidateType", local));
        put(RTCStatsType.REMOTE_CANDIDATE, "R", Map.of("candidateType", remote));
    }

    @ParameterizedTest
    @CsvSource({
        "host, host, HOST",
        "host, srflx, SERVER_REFLEXIVE",
        "srflx, host, SERVER_REFLEXIVE",
        "srflx, prflx, PEER_REFLEXIVE",
        "relay, host, RELAY",
        "prflx, relay, RELAY",
        "host, moon, UNKNOWN"
    })
    void path_ofTheSelectedPair_isTheEndFurtherAway(String local, String remote, PeerPath expected) {
        transport("CP");
        pair("CP", "L", "R");
        candidates(local, remote);
        pair("other", "X", "Y");
        put(RTCStatsType.LOCAL_CANDIDATE, "X", Map.of("candidateType", "relay"));
        put(RTCStatsType.REMOTE_CANDIDATE, "Y", Map.of("candidateType", "relay"));
        assertThat(path()).isEqualTo(expected);
    }

    @Test
    void path_reportLacksAPart_isUnknown() {
        assertThat(path()).isEqualTo(PeerPath.UNKNOWN);
        put(RTCStatsType.TRANSPORT, "T01", Map.of());
        assertThat(path()).isEqualTo(PeerPath.UNKNOWN);
        transport("CP");
        assertThat(path()).isEqualTo(PeerPath.UNKNOWN);
        pair("CP", "L", "R");
        assertThat(path()).isEqualTo(PeerPath.UNKNOWN);
        put(RTCStatsType.LOCAL_CANDIDATE, "L", Map.of("candidateType", "host"));
        assertThat(path()).isEqualTo(PeerPath.UNKNOWN);
    }
}
