package io.runnel.cli.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that starts this same program in another JVM, on the same class or module path. */
final class JavaCommand {
    private static final String MAIN = "io.runnel.cli.Main";
    private static final String MODULE = "io.runnel.cli";
    /** The first release that warns of native libraries unless told that they are wanted. */
    private static final int WARNS_OF_NATIVE_ACCESS = 22;

    private JavaCommand() {}

    /** Those that load native libraries. */
    private static final String NATIVE_MODULES = "webrtc.java,io.runnel.p2p,io.netty.common";

    /**
     * The whole command line.
     *
     * @param flags for the JVM; its temporary folder is this one's where they name none
     * @param arguments for the program
     */
    static List<String> of(List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
        command.addAll(flags);
        boolean named = JavaCommand.class.getModule().isNamed();
        if (Runtime.version().feature() >= WARNS_OF_NATIVE_ACCESS) {
            command.add("--enable-native-access=" + (named ? NATIVE_MODULES : "ALL-UNNAMED"));
        }
        if (named) {
            command.addAll(List.of("-p", System.getProperty("jdk.module.path"), "-m", MODULE + "/" + MAIN));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        }
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
