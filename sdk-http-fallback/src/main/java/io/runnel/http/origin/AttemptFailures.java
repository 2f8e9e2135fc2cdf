package io.runnel.http.origin;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.WriteTimeoutException;
import io.runnel.source.SourceException.Reason;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/** Sorts what can go wrong below HTTP. */
final class AttemptFailures {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptFailures.class);

    private AttemptFailures() {}

    static AttemptException of(String origin, Throwable thrown) {
        Throwable cause = Exceptions.unwrap(thrown);
        if (cause instanceof AttemptException known) {
            return known;
        }
        // Not the cause itself: it names addresses.
        LOG.debug("request to {} failed: {}", origin, cause.getClass().getSimpleName());
        if (causedBy(cause, CertificateException.class)) {
            return AttemptException.lasting(
                    Reason.UNREACHABLE,
                    origin + " is not trusted: check its certificate, its name, the pins and this machine's clock");
        }
        if (cause instanceof ReadTimeoutException
                || cause instanceof WriteTimeoutException
                || cause instanceof ConnectTimeoutException
                || cause instanceof TimeoutException) {
            return AttemptException.passing(Reason.TIMED_OUT, origin + " did not answer in time");
        }
        if (cause instanceof IllegalArgumentException || cause instanceof TooLongFrameException) {
            // As Netty's decoder reports each line that it cannot read, and one without end.
            return AttemptException.passing(
                    Reason.PROTOCOL,
                    origin + " answered what is not HTTP: check the address, and what stands before the server");
        }
        return AttemptException.passing(
                Reason.UNREACHABLE, origin + " cannot be reached or broke off: check the network and the server");
    }

    private static boolean causedBy(Throwable thrown, Class<? extends Throwable> kind) {
        @Nullable Throwable each = thrown;
        for (int depth = 0; each != null && depth < 10; depth++) {
            if (kind.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
