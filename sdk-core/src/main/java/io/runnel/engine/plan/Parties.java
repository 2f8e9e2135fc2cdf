package io.runnel.engine.plan;

import io.runnel.source.SourceInfo;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What is known of the sources met so far. Where there are too many, who was met longest ago is forgotten, liars last. */
final class Parties {
    /** Far more than are connected at a time. */
    static final int MOST = 4096;

    /** Who joined a blob last comes last. */
    private final Map<SourceInfo, Party> met = new LinkedHashMap<>(16, 0.75f, true);

    /** @param inUse whether it is a source of an open blob: then it is kept */
    Party meet(SourceInfo info, Predicate<Party> inUse) {
        Party known = met.get(info);
        if (known != null) {
            return known;
        }
        if (met.size() >= MOST && !forget(party -> !party.banned() && !inUse.test(party))) {
            forget(party -> !inUse.test(party));
        }
        Party party = new Party(info);
        met.put(info, party);
        return party;
    }

    /** Nothing could have been heard of any of them in this time. */
    void unheard(long fromNanos, long nowNanos) {
        met.values().forEach(party -> party.unheard(fromNanos, nowNanos));
    }

    private boolean forget(Predicate<Party> which) {
        for (Iterator<Party> each = met.values().iterator(); each.hasNext(); ) {
            if (which.test(each.next())) {
                each.remove();
                return true;
            }
        }
        return false;
    }
}
