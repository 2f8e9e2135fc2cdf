/**
 * Peer links over WebRTC data channels (RFC 8831), by webrtc-java. No audio or video device is touched.
 *
 * <p>Start with {@link io.runnel.p2p.webrtc.WebRtcTransport}. What to know of webrtc-java 0.14.0, and where each trap is
 * dealt with:
 * <ul>
 *   <li>The native library needs X11 and PulseAudio just to load: {@code NativeLibrary}.
 *   <li>Sending on a channel that another thread closes ends the JVM. So every native call of a connection is made on
 *       one thread, that of its factory: {@code NativeThread}. Callbacks come on native threads; they copy and hop.
 *   <li>A closed connection is not freed: {@code ConnectionMemory}. Nor is the observer of a disposed channel:
 *       {@code Channel} registers one that lets go of it.
 *   <li>Every received message leaves some hundred bytes behind until its factory is disposed, so a factory is retired
 *       after a bounded number of messages: {@code Factory}.
 *   <li>Loopback interfaces are ignored: {@code LoopbackOnly} is the way round it for machines that have no other.
 *   <li>As the process exits, the library prints two lines to standard output ("VM attach current thread failed").
 *       Nothing in a library can keep it from that; a program whose output is read by another closes
 *       {@code new FileOutputStream(FileDescriptor.out)} last, which sends the rest to nowhere.
 *   <li>Its signalling threads are no daemons: a JVM ends only after its transports are closed.
 *   <li>Sending takes a direct buffer's capacity for its length: {@code Channel} hands over slices.
 *   <li>It throws plain {@link Error}s, and its close forgets the address its memory is behind.
 *   <li>Statistics may be asked for on that one thread, also of a connection that is closed before they come; nothing of
 *       them stays: {@code SelectedPair}.
 *   <li>Certificates in PEM form and remote certificates can end the JVM: neither is used.
 * </ul>
 * Invariant: after a link is closed no native call is made for it.
 */
package io.runnel.p2p.webrtc;
