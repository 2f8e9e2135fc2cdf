package io.runnel.http.app;

/** What code of the app's threw, for the log. */
public final class AppFault {
    private AppFault() {}

    /** The class and the stack, but not the message, which may quote a token or a signed address. */
    public static Throwable withoutMessage(Throwable thrown) {
        Throwable bare = new Throwable(thrown.getClass().getName());
        bare.setStackTrace(thrown.getStackTrace());
        return bare;
    }
}
