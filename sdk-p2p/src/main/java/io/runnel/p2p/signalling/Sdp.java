package io.runnel.p2p.signalling;

import java.util.List;
import java.util.regex.Pattern;

/** What is looked at in a session description (RFC 8866) before the transport sees it. */
final class Sdp {
    /** The longest description in bytes. */
    static final int MAX_BYTES = 24 << 10;

    private static final Pattern FINGERPRINT =
            Pattern.compile("a=fingerprint:sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}", Pattern.CASE_INSENSITIVE);

    private Sdp() {}

    /** Whether it has one section, for data, one fingerprint, of SHA-256, and printable lines only. */
    static boolean acceptable(String sdp) {
        if (sdp.isEmpty() || !sdp.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n')) {
            return false;
        }
        List<String> lines = sdp.lines().toList();
        List<String> media = starting(lines, "m=");
        List<String> fingerprints = starting(lines, "a=fingerprint:");
        return media.size() == 1
                && media.get(0).startsWith("m=application ")
                && fingerprints.size() == 1
                && FINGERPRINT.matcher(fingerprints.get(0)).matches();
    }

    private static List<String> starting(List<String> lines, String prefix) {
        return lines.stream().filter(line -> line.startsWith(prefix)).toList();
    }
}
