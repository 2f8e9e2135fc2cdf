package io.runnel.devserver.tracker;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.source.Seat;
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
    /** Seats change by more than one in this many before all members are told. */
    private static final int SEATS_TOLD_SHARE = 8;

    private final Map<VerifyingKey, Member> byPeer = new HashMap<>();
    private final List<Member> members = new ArrayList<>();
    /** Those who serve; a seat is an index here, so that none is ever empty. */
    private final List<Member> seated = new ArrayList<>();
    /** How many seats all members were told of last. */
    private int seatsTold;

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

    /** Gives the member a seat. */
    void seat(Member member) {
        if (member.seat < 0) {
            member.seat = seated.size();
            seated.add(member);
        }
    }

    /** Takes the member's seat, if it has one; returns who moved into it, null where nobody had to. */
    @Nullable Member unseat(Member member) {
        int empty = member.seat;
        if (empty < 0) {
            return null;
        }
        member.seat = -1;
        Member last = seated.remove(seated.size() - 1);
        if (last == member) {
            return null;
        }
        seated.set(empty, last);
        last.seat = empty;
        return last;
    }

    /** The member's seat among all there are. */
    Seat seatOf(Member member) {
        return new Seat(member.seat, seated.size());
    }

    /** All members where there are clearly more or fewer seats than they were told; then they count as told. */
    List<Member> missedSeats() {
        int change = Math.abs(seated.size() - seatsTold);
        if (change * SEATS_TOLD_SHARE <= seatsTold) {
            return List.of();
        }
        seatsTold = seated.size();
        return List.copyOf(members);
    }

    /** At most {@code want} members other than {@code asking}, half of them with a seat where there are as many. */
    List<Member> sample(Member asking, int want, RandomGenerator random) {
        Set<Member> picked = new LinkedHashSet<>();
        draw(seated, asking, (want + 1) / 2, random, picked);
        draw(members, asking, want, random, picked);
        List<Member> mixed = new ArrayList<>(picked);
        shuffle(mixed, random);
        return mixed;
    }

    /** Adds members, each equally likely, until {@code most} are picked. */
    private static void draw(List<Member> from, Member asking, int most, RandomGenerator random, Set<Member> picked) {
        if (from.size() <= 4 * most) {
            List<Member> all = new ArrayList<>(from);
            shuffle(all, random);
            for (int i = 0; i < all.size() && picked.size() < most; i++) {
                if (all.get(i) != asking) {
                    picked.add(all.get(i));
                }
            }
            return;
        }
        while (picked.size() < most) {
            Member candidate = from.get(random.nextInt(from.size()));
            if (candidate != asking) {
                picked.add(candidate);
            }
        }
    }

    private static void shuffle(List<Member> list, RandomGenerator random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
