package io.runnel.engine.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Shares out what the store can keep among all readers of a client, in pages: what one of them has fetched must not push
 * out what another has not read yet, or both are fetched without end. Pure.
 *
 * <p>First come what readers wait for, players and downloads before prefetches, whoever has waited longest before others:
 * who finds no room waits for its turn, and as each comes behind all others when it has had its own, everybody's comes.
 * The rest is look-ahead, equal pages for each; a prefetch has what players and downloads leave. What one may look ahead
 * depends on how many there are, not on who waits just now: a reach that moves to and fro would fetch the same again.
 */
public final class Room {
    /**
     * With less than this for each nobody looks ahead: what is fetched for a reader stays until it has read it, and with
     * less the next one's turn could come before.
     */
    private static final long LEAST_AHEAD_PAGES = 2;

    private Room() {}

    /**
     * What one reader would have kept.
     *
     * @param prefetch whether nobody consumes it
     * @param awaitedPages what it waits for, or was told of and has not read yet; 0 for nothing
     * @param wishedPages from its position as far as it would look; no less than it waits for
     * @param sinceNanos when it began to wait
     */
    public record Claim(boolean prefetch, long awaitedPages, long wishedPages, long sinceNanos) {}

    /**
     * What a reader may have.
     *
     * @param granted whether there is room for what it waits for; true where it waits for nothing
     * @param aheadPages how far it may look from its position; 0 where no further than what it waits for
     */
    public record Share(boolean granted, long aheadPages) {}

    /** A share for each claim, in their order; all together no more than so many pages, save for one that waits alone. */
    public static List<Share> share(List<Claim> claims, long pages) {
        boolean[] granted = new boolean[claims.size()];
        long left = pages - grantAwaited(claims, pages, granted);
        long[] ahead = new long[claims.size()];
        for (boolean prefetch : new boolean[] {false, true}) {
            int[] members = IntStream.range(0, ahead.length)
                    .filter(i -> granted[i] && claims.get(i).prefetch() == prefetch)
                    .toArray();
            long room = left;
            for (int i : members) {
                room += claims.get(i).awaitedPages();
            }
            long level = level(claims, members, room);
            for (int i : members) {
                ahead[i] = Math.min(claims.get(i).wishedPages(), level);
            }
            left = room - taken(claims, members, level);
        }
        return IntStream.range(0, ahead.length)
                .mapToObj(i -> new Share(granted[i], ahead[i]))
                .toList();
    }

    /** Returns how many pages that takes. */
    private static long grantAwaited(List<Claim> claims, long pages, boolean[] granted) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, granted.length).boxed().toList());
        Comparator<Integer> byClass = Comparator.comparing(i -> claims.get(i).prefetch());
        order.sort(byClass.thenComparing(
                (a, b) -> Long.signum(claims.get(a).sinceNanos() - claims.get(b).sinceNanos())));
        long taken = 0;
        boolean full = false;
        for (int i : order) {
            long awaited = claims.get(i).awaitedPages();
            // The first always fits. Where one does not, none behind it may have its room.
            full |= taken > 0 && awaited > 0 && taken + awaited > pages;
            granted[i] = awaited == 0 || !full;
            taken += granted[i] ? awaited : 0;
        }
        return taken;
    }

    /** The most pages that each of them can look ahead, or 0. */
    private static long level(List<Claim> claims, int[] members, long room) {
        long most = 0;
        for (int i : members) {
            most = Math.max(most, claims.get(i).wishedPages());
        }
        long low = 0;
        long high = most;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (taken(claims, members, middle) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low == most || low >= LEAST_AHEAD_PAGES ? low : 0;
    }

    private static long taken(List<Claim> claims, int[] members, long level) {
        long pages = 0;
        for (int i : members) {
            Claim claim = claims.get(i);
            pages += Math.max(claim.awaitedPages(), Math.min(claim.wishedPages(), level));
        }
        return pages;
    }
}
