package io.runnel.devserver;

import java.io.IOException;
import java.nio.file.Path;

/** A command was to work on a state folder that is none. Nothing was made. */
public final class NoStateFolderException extends IOException {
    private static final long serialVersionUID = 1;

    NoStateFolderException(Path folder) {
        super(folder + " is no state folder: name the one that runnel serve and runnel ingest work on");
    }
}
