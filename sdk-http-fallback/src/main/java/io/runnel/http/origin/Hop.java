package io.runnel.http.origin;

import io.runnel.source.SourceException.Reason;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One request of a chain of redirects.
 *
 * @param file what is asked for
 * @param uri where this request goes
 * @param withAppHeaders whether the app's headers go along: until the chain first leaves the origin, and not after
 * @param redirectsLeft how many more redirects are followed
 * @param range the Range field
 */
record Hop(OriginFile file, URI uri, boolean withAppHeaders, int redirectsLeft, String range) {
    /**
     * The next request of the chain.
     *
     * @throws AttemptException if it is not one we make
     */
    Hop follow(@Nullable String location, boolean loopbackHttp) {
        if (redirectsLeft == 0) {
            throw AttemptException.lasting(
                    Reason.PROTOCOL, file.origin() + " redirects more than " + Redirects.MAX + " times");
        }
        URI next = Redirects.target(file.origin(), uri, location, loopbackHttp);
        boolean stays = withAppHeaders && Redirects.sameOrigin(uri, next);
        return new Hop(file, next, stays, redirectsLeft - 1, range);
    }
}
