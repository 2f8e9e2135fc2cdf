package io.runnel.p2p.webrtc;

import io.runnel.p2p.transport.TransportUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the WebRTC native library load on machines without X11, PulseAudio or D-Bus.
 *
 * <p>The library names them among its needs, for screens and sound that data channels never touch, and once its classes
 * failed to initialise they stay broken until the JVM ends. So before the first of them is touched, an empty library is
 * loaded for each need that is absent. One that is there is left alone: the application may want the real one.
 */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    /** What the native library 0.14.0 needs beyond the C library ({@code readelf -d}). */
    static final List<String> NEEDED = List.of(
            "libpulse.so.0",
            "libX11.so.6",
            "libXfixes.so.3",
            "libXrandr.so.2",
            "libXcomposite.so.1",
            "libdbus-1.so.3",
            "libudev.so.1");

    private static final String ADVICE = "the WebRTC native library cannot be loaded. On Debian and Ubuntu install:"
            + " libpulse0 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3 libudev1."
            + " Elsewhere check that webrtc-java with the classifier of this platform is on the class path"
            + " (platform: %s %s), that java.io.tmpdir is writable and that it is not mounted noexec."
            + " Without sdk-p2p Runnel works from the origin alone";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library. After the first call it answers at once; a failure stays, as it does in the JVM.
     *
     * @throws TransportUnavailableException where it cannot be loaded
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            standInForAbsent();
            Class.forName("dev.onvoid.webrtc.PeerConnectionFactory");
            loaded = true;
        } catch (IOException | ClassNotFoundException | LinkageError | RuntimeException e) {
            String os = System.getProperty("os.name", "?");
            throw new TransportUnavailableException(ADVICE.formatted(os, System.getProperty("os.arch", "?")), e);
        }
    }

    private static void standInForAbsent() throws IOException {
        EmptyLibrary.Machine machine = EmptyLibrary.Machine.current();
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
        if (!linux || machine == null) {
            return;
        }
        Path dir = Files.createTempDirectory(
                "runnel-native", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            for (String name : NEEDED) {
                if (!loads(dir.resolve("needs-" + name), EmptyLibrary.needing(machine, name))) {
                    LOG.debug("{} is absent: an empty library stands in for it", name);
                    load(dir.resolve(name), EmptyLibrary.named(machine, name));
                }
            }
        } finally {
            Files.delete(dir);
        }
    }

    private static boolean loads(Path file, byte[] library) throws IOException {
        try {
            load(file, library);
            return true;
        } catch (UnsatisfiedLinkError absent) {
            return false;
        }
    }

    private static void load(Path file, byte[] library) throws IOException {
        try {
            Files.write(file, library);
            System.load(file.toString());
        } finally {
            // Once mapped the file is not needed any more.
            Files.deleteIfExists(file);
        }
    }
}
