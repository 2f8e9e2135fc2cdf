package io.runnel.devserver;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.runnel.crypto.SecretBytes;
import io.runnel.devserver.admin.AdminActions;
import io.runnel.devserver.admin.AdminRoute;
import io.runnel.devserver.keys.AppServer;
import io.runnel.devserver.keys.KeysRoute;
import io.runnel.devserver.origin.OriginRoute;
import io.runnel.devserver.state.ClientRegistry;
import io.runnel.devserver.state.FolderLock;
import io.runnel.devserver.state.ModeFile;
import io.runnel.devserver.state.Revocations;
import io.runnel.devserver.state.SecretFiles;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.tls.DevCertificates;
import io.runnel.devserver.tracker.TrackerRoute;
import io.runnel.devserver.web.OwnerLoop;
import io.runnel.devserver.web.TextSockets;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A server that listens: its parts put together, and everything to be undone when it stops. */
final class RunningServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final int EVENT_LOOPS = 2;
    private static final int DISK_THREADS = 4;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final AtomicInteger threads = new AtomicInteger();

    /**
     * Starts all parts and tells other processes how to reach them, until it stops; where one fails, those before it are
     * stopped again. Called once.
     */
    ServerInfo start(DevServer.Builder settings, StateFolder folder) throws IOException {
        try {
            // Before anything is written: of two first starts on a folder, one must not replace the other's tokens.
            onClose(FolderLock.take(folder));
            ServerTokens tokens = ServerTokens.loadOrCreate(folder);
            int port = open(settings, folder, tokens);
            ServerInfo info = new ServerInfo(
                    port,
                    URI.create("https://" + bracketed(settings.host) + ":" + port),
                    DevCertificates.caCertificate(folder),
                    tokens.clients().sharedToken(),
                    tokens.admin());
            onClose(() -> ServerInfo.remove(folder));
            info.write(folder);
            return info;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Undoes all that was opened, the last first. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the dev server did not stop cleanly", e);
            }
        }
    }

    /** Returns the port it listens on. */
    private int open(DevServer.Builder settings, StateFolder folder, ServerTokens tokens) throws IOException {
        Publication.removeAbandoned(folder);
        Clock clock = Clock.systemUTC();
        Revocations revocations = new Revocations(folder);
        AppServer appServer = onClose(appServer(folder, tokens.clients(), revocations));
        Scheduler disk = disk();
        MultiThreadIoEventLoopGroup eventLoops =
                new MultiThreadIoEventLoopGroup(EVENT_LOOPS, threads(), NioIoHandler.newFactory());
        onClose(() ->
                eventLoops.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).await(700));
        OwnerLoop owner = onClose(new OwnerLoop(threads()));
        KeysRoute keys = new KeysRoute(appServer, settings.epochLength, settings.effectiveGrace(), owner, clock);
        TrackerRoute tracker = new TrackerRoute(appServer.issuerKey(), appServer::revoked, owner, clock);
        ModeFile modeFile = new ModeFile(folder);
        modeFile.read().ifPresent(keys::mode);
        AdminActions actions = new AdminActions() {
            @Override
            public void revoke(String client) throws IOException {
                revocations.add(client);
                keys.revoke(client);
                tracker.revoke(serial -> appServer.issuedTo(client, serial));
            }

            @Override
            public void mode(SharingMode mode) throws IOException {
                modeFile.write(mode);
                keys.mode(mode);
            }
        };
        Routes routes = new Routes(
                settings.parts,
                new OriginRoute(folder.blobs(), disk),
                new TextSockets(KeysProtocol.SUBPROTOCOL, keys),
                new TextSockets(SwarmProtocol.SUBPROTOCOL, tracker),
                new AdminRoute(tokens.admin(), actions, disk));
        int port = onClose(Listener.open(settings, folder, eventLoops, routes)).port();
        onClose(keys);
        onClose(tracker);
        return port;
    }

    private static AppServer appServer(StateFolder folder, ClientRegistry clients, Revocations revocations)
            throws IOException {
        SecretFiles secrets = new SecretFiles(folder);
        try (SecretBytes issuerSeed = secrets.loadOrCreate("issuer.key")) {
            return new AppServer(
                    new FolderAccess(clients, revocations),
                    new FolderBlobKeys(folder, secrets),
                    issuerSeed,
                    secrets.loadOrCreate("collection.secret"));
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private Scheduler disk() {
        ExecutorService pool = Executors.newFixedThreadPool(DISK_THREADS, threads());
        Scheduler disk = Schedulers.fromExecutorService(pool);
        onClose(() -> {
            disk.dispose();
            pool.shutdownNow();
        });
        return disk;
    }

    private ThreadFactory threads() {
        return task -> {
            Thread thread = new Thread(task, "runnel-server-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private <C extends AutoCloseable> C onClose(C part) {
        opened.push(part);
        return part;
    }
}
