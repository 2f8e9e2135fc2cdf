package io.runnel.devserver.keys;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open sessions, and how many each client has. Owned by the {@link KeysMachine}. */
final class Sessions {
    private final Map<Long, Session> byId = new HashMap<>();
    private final Map<String, Integer> countByClient = new HashMap<>();

    int size() {
        return byId.size();
    }

    @Nullable Session find(long id) {
        return byId.get(id);
    }

    /** A copy: sessions may be removed while it is walked. */
    List<Session> all() {
        return new ArrayList<>(byId.values());
    }

    int countOf(String client) {
        return countByClient.getOrDefault(client, 0);
    }

    void add(Session session) {
        byId.put(session.id, session);
    }

    /** The session's client said hello. */
    void identify(Session session, Session.Client client) {
        session.client = client;
        countByClient.merge(client.name(), 1, Integer::sum);
    }

    void remove(long id) {
        Session session = byId.remove(id);
        if (session != null && session.client != null) {
            countByClient.computeIfPresent(session.client.name(), (name, count) -> count == 1 ? null : count - 1);
        }
    }
}
