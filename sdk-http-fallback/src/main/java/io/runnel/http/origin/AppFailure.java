package io.runnel.http.origin;

import java.io.Serial;

/** What an app gave for its origin failed or gave nothing that can be used. The message quotes nothing of the app's. */
final class AppFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    AppFailure(String message) {
        super(message, null, false, false);
    }
}
