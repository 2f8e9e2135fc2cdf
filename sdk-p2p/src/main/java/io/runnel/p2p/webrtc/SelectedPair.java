package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.RTCStatsType;
import io.runnel.source.PeerPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads off a connection's statistics by which kinds of candidates it runs: the transport names the pair selected, the
 * pair its two candidates (identifiers of W3C webrtc-stats, sections 8.9 to 8.11).
 */
final class SelectedPair {
    private SelectedPair() {}

    /** How the connection runs; unknown where the report does not say so. */
    static PeerPath path(RTCStatsReport report) {
        Map<String, RTCStats> all = report.getStats();
        for (RTCStats each : all.values()) {
            if (each.getType() == RTCStatsType.TRANSPORT) {
                RTCStats pair = named(all, each, "selectedCandidatePairId");
                return further(end(all, pair, "localCandidateId"), end(all, pair, "remoteCandidateId"));
            }
        }
        return PeerPath.UNKNOWN;
    }

    private static @Nullable RTCStats named(Map<String, RTCStats> all, @Nullable RTCStats by, String attribute) {
        return by == null ? null : all.get(String.valueOf(by.getAttributes().get(attribute)));
    }

    private static PeerPath end(Map<String, RTCStats> all, @Nullable RTCStats pair, String attribute) {
        RTCStats candidate = named(all, pair, attribute);
        if (candidate == null) {
            return PeerPath.UNKNOWN;
        }
        return switch (String.valueOf(candidate.getAttributes().get("candidateType"))) {
            case "host" -> PeerPath.HOST;
            case "srflx" -> PeerPath.SERVER_REFLEXIVE;
            case "prflx" -> PeerPath.PEER_REFLEXIVE;
            case "relay" -> PeerPath.RELAY;
            default -> PeerPath.UNKNOWN;
        };
    }

    /** The paths are declared from the most direct on, and unknown last. */
    private static PeerPath further(PeerPath one, PeerPath other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
