package io.runnel.cli.process;

import io.runnel.cli.client.FetchProgress;
import io.runnel.cli.client.Seeding;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.Sources;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The child's side: carries orders out one after the other, and tells what happens. */
public final class Worker {
    private final InputStream orders;
    private final PrintStream events;
    private final BlockingQueue<Optional<Order>> queue = new LinkedBlockingQueue<>();
    private final Map<String, Seeding> seedings = new HashMap<>();

    /** A worker for a parent at the other end of these streams. */
    public Worker(InputStream orders, PrintStream events) {
        this.orders = orders;
        this.events = events;
    }

    /** Passes on what the parent may want to know of the client's fetches. */
    public FetchListener listener() {
        return new EventListener(this::tell);
    }

    /** Takes orders until the parent closes the stream, or dies. */
    public void run(RenewableSession session) throws InterruptedException {
        Thread reader = new Thread(() -> read(session), "runnel-worker-orders");
        reader.setDaemon(true);
        reader.start();
        tell(new Event.Ready());
        for (Optional<Order> next = queue.take(); next.isPresent(); next = queue.take()) {
            try {
                carryOut(session, next.get());
            } catch (FetchException e) {
                tell(new Event.Failed(ExitCode.of(e.reason()).name(), String.valueOf(e.getMessage())));
            } catch (IOException | RuntimeException e) {
                tell(new Event.Failed(ExitCode.FAILURE.name(), e.toString()));
            }
        }
    }

    private void read(RenewableSession session) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(orders, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                queue.add(Optional.of(Json.read(line, Order.class)));
            }
        } catch (IOException parentGone) {
            // The same as the end of the stream.
        }
        queue.add(Optional.empty());
        // Ends an order that is under way, too.
        session.close();
    }

    private void carryOut(RenewableSession client, Order order) throws IOException {
        Session session = client.current();
        if (order instanceof Order.Seed seed) {
            seedings.put(seed.blob(), session.seed(BlobId.parse(seed.blob()), progress()));
            tell(new Event.Complete(seed.blob()));
        } else if (order instanceof Order.Leave leave) {
            Seeding left = seedings.remove(leave.blob());
            if (left != null) {
                left.close();
            }
            tell(new Event.Gone(leave.blob()));
        } else if (order instanceof Order.Get get) {
            tell(new Event.Fetched(session.get(BlobId.parse(get.blob()), Path.of(get.output()), progress())));
        } else if (order instanceof Order.Open open) {
            session.open(BlobId.parse(open.blob()));
            tell(new Event.Opened(open.blob()));
        } else if (order instanceof Order.Renew) {
            seedings.values().forEach(Seeding::close);
            seedings.clear();
            client.renew();
            tell(new Event.Ready());
        }
    }

    private FetchProgress progress() {
        return (done, total, totals) -> tell(new Event.Progress(done, total, Sources.byId(totals)));
    }

    private synchronized void tell(Event event) {
        events.println(Json.write(event));
        events.flush();
    }
}
