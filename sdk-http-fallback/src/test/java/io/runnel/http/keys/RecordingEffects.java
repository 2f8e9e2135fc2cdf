package io.runnel.http.keys;

import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what a machine wanted done, and checks that every request is answered once. */
final class RecordingEffects implements KeysEffects {
    final List<ClientMessage> sent = new ArrayList<>();
    final List<Integer> disconnects = new ArrayList<>();
    final Map<Long, BlobGrant> grants = new HashMap<>();
    final Map<Long, SwarmTicket> tickets = new HashMap<>();
    final Map<Long, KeyException.Reason> refusals = new HashMap<>();
    final List<String> messages = new ArrayList<>();
    final List<SharingMode> modes = new ArrayList<>();
    int connects;
    int shutOuts;

    @Override
    public void connect() {
        connects++;
    }

    @Override
    public void send(ClientMessage message) {
        // A round trip stands for the wire, since the machine wipes the message's secrets.
        try {
            sent.add(KeysCodec.decodeClient(KeysCodec.encode(message)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        message.close();
    }

    @Override
    public void disconnect(int code, String reason) {
        disconnects.add(code);
    }

    @Override
    public void granted(long id, BlobGrant grant) {
        answer(id);
        grants.put(id, grant);
    }

    @Override
    public void admitted(long id, SwarmTicket ticket) {
        answer(id);
        tickets.put(id, ticket);
    }

    @Override
    public void refused(long id, KeyException refusal) {
        answer(id);
        refusals.put(id, refusal.reason());
        messages.add(String.valueOf(refusal.getMessage()));
    }

    @Override
    public void mode(SharingMode mode) {
        modes.add(mode);
    }

    @Override
    public void shutOut() {
        shutOuts++;
    }

    /** The last message of this kind. */
    <M extends ClientMessage> M last(Class<M> kind) {
        for (int i = sent.size() - 1; i >= 0; i--) {
            if (kind.isInstance(sent.get(i))) {
                return kind.cast(sent.get(i));
            }
        }
        throw new AssertionError("no " + kind.getSimpleName() + " in " + sent);
    }

    /** How many messages of this kind were sent. */
    long count(Class<? extends ClientMessage> kind) {
        return sent.stream().filter(kind::isInstance).count();
    }

    private void answer(long id) {
        if (grants.containsKey(id) || tickets.containsKey(id) || refusals.containsKey(id)) {
            throw new AssertionError("request " + id + " answered twice");
        }
    }
}
