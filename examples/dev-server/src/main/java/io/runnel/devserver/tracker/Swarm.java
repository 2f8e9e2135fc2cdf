package io.runnel.devserver.tracker;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The members of one swarm in one scope. Owned by the {@link TrackerMachine}. */
final class Swarm {
    /** Names a swarm: the same swarm id under two scopes is two swarms. */
    record Key(CollectionScope scope, SwarmId id) {}

    final Key key;
    private final Map<VerifyingKey, Member> byPeer = new HashMap<>();
    private final List<Member> members = new ArrayList<>();

    Swarm(Key key) {
        this.key = key;
    }

    int size() {
        return members.size();
    }

    @Nullable Member find(VerifyingKey peer) {
        return byPeer.get(peer);
    }

    void add(Member member) {
        member.index = members.size();
        members.add(member);
        byPeer.put(member.peer, member);
    }

    void remove(Member member) {
        Member last = members.remove(members.size() - 1);
        if (last != member) {
            members.set(member.index, last);
            last.index = member.index;
        }
        byPeer.remove(member.peer, member);
    }

    /** At most {@code want} members other than {@code asking}, each equally likely. */
    List<Member> sample(Member asking, int want, RandomGenerator random) {
        if (members.size() <= 4 * want) {
            List<Member> all = new ArrayList<>(members);
            all.remove(asking);
            shuffle(all, random);
            return all.subList(0, Math.min(want, all.size()));
        }
        Set<Member> picked = new LinkedHashSet<>();
        while (picked.size() < want) {
            Member candidate = members.get(random.nextInt(members.size()));
            if (candidate != asking) {
                picked.add(candidate);
            }
        }
        return List.copyOf(picked);
    }

    private static void shuffle(List<Member> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
