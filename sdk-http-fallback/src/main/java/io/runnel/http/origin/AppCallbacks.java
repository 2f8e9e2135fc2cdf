package io.runnel.http.origin;

import io.runnel.crypto.BlobId;
import io.runnel.http.app.AppFault;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the app about its origin. Whatever the app's code throws becomes an {@link AppFailure}, an Error too: the library
 * below would let it pass, and the transfer never end. The first failure is logged, since each range may fail anew.
 */
final class AppCallbacks {
    private static final Logger LOG = LoggerFactory.getLogger(AppCallbacks.class);

    private final OriginAddresses app;
    private final AtomicBoolean warned = new AtomicBoolean();

    AppCallbacks(OriginAddresses app) {
        this.app = app;
    }

    /** As the app gives it. */
    URI blob(BlobId id) {
        return asked("address function", () -> app.blob(id));
    }

    /** As the app gives it. */
    URI outboard(BlobId id) {
        return asked("address function for outboards", () -> app.outboard(id));
    }

    /** Headers that can be sent, none of which is ours to say. */
    Map<String, String> headers(URI uri) {
        return asked("header supplier", () -> AppHeaders.checked(app.headers(uri)));
    }

    private <T> T asked(String what, Supplier<T> question) {
        try {
            T answer = question.get();
            if (answer == null) {
                throw new AppFailure("the app's " + what + " gave null");
            }
            return answer;
        } catch (AppFailure unusable) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn("{}: {}", app.name(), unusable.getMessage());
            }
            throw unusable;
        } catch (Throwable e) {
            if (warned.compareAndSet(false, true)) {
                LOG.warn("{}: the app's {} failed", app.name(), what, AppFault.withoutMessage(e));
            }
            throw new AppFailure(
                    "the app's " + what + " failed (" + e.getClass().getName() + "): the log says where");
        }
    }
}
