package io.runnel.devserver.state;

import io.runnel.file.SoleLock;
import java.io.IOException;

/** Keeps a second server off a state folder. The system lets go of it when the process ends, however it ends. */
public final class FolderLock {
    private FolderLock() {}

    /**
     * Takes the lock, until it is closed.
     *
     * @throws IOException if another server has it
     */
    public static SoleLock take(StateFolder folder) throws IOException {
        SoleLock lock = SoleLock.take(folder.file("server.lock"), StateFolder.forItsOwner());
        if (lock == null) {
            throw new IOException("another server runs on this state folder: stop it, or choose another folder");
        }
        return lock;
    }
}
