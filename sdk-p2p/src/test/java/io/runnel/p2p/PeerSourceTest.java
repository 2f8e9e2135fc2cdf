package io.runnel.p2p;

import io.runnel.source.BlobSource;
import io.runnel.source.BlobSourceContract;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.TestBlob;
import org.junit.jupiter.api.AfterEach;

/** The contract of sources, over a real WebRTC connection. */
class PeerSourceTest extends BlobSourceContract {
    private final LocalSwarm local = new LocalSwarm();
    private SharedBlob.Subscription attached;

    @Override
    protected BlobSource open(TestBlob blob) throws Exception {
        Sources sources = new Sources();
        local.member().swarm().attach(blob.shared(), new Sources());
        attached = local.member().swarm().attach(blob.shared(GroupSet.empty()), sources);
        return sources.first();
    }

    @Override
    protected void detach() {
        attached.close();
    }

    @AfterEach
    void close() throws Exception {
        local.close();
    }
}
