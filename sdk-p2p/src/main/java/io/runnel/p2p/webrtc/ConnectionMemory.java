package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.internal.NativeObject;
import dev.onvoid.webrtc.internal.RefCountedObject;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a closed connection's native memory back. {@code RTCPeerConnection.close()} of webrtc-java 0.14.0 keeps its
 * reference, about 150 KB a connection; here the reference is moved to an object whose {@code release} drops it.
 *
 * <p>On the module path the library's internal package must be opened for it:
 * {@code --add-opens webrtc.java/dev.onvoid.webrtc.internal=io.runnel.p2p}. Without, the memory stays and one warning is
 * logged.
 */
final class ConnectionMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionMemory.class);
    private static final @Nullable Field HANDLE = handle();

    private ConnectionMemory() {}

    /** Whether memory can be given back in this JVM. */
    static boolean available() {
        return HANDLE != null;
    }

    /** Closes a connection that nobody will touch again, and frees it. */
    static void close(RTCPeerConnection connection) {
        // Closing forgets the address, so it is read before; the reference behind it is still held after.
        Reference reference = reference(connection);
        connection.close();
        if (reference != null) {
            reference.release();
        }
    }

    private static @Nullable Reference reference(RTCPeerConnection connection) {
        Field handle = HANDLE;
        if (handle == null) {
            return null;
        }
        try {
            long address = handle.getLong(connection);
            if (address == 0) {
                return null;
            }
            Reference reference = new Reference();
            handle.setLong(reference, address);
            return reference;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a field made accessible is not", e);
        }
    }

    private static final class Reference extends RefCountedObject {}

    private static @Nullable Field handle() {
        try {
            Field field = NativeObject.class.getDeclaredField("nativeHandle");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException | IllegalAccessError e) {
            LOG.warn("closed peer connections keep about 150 KB each: start the JVM with"
                    + " --add-opens webrtc.java/dev.onvoid.webrtc.internal=io.runnel.p2p");
            return null;
        }
    }
}
