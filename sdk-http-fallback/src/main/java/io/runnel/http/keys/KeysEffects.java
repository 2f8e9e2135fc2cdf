package io.runnel.http.keys;

import io.runnel.http.keys.message.ClientMessage;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;

/** What a {@link KeysMachine} wants done. Implementations do it at once and do not call the machine back. */
public interface KeysEffects {
    /** Opens a channel; the machine is told with {@code connected} or {@code closed}. */
    void connect();

    /** Sends a message, then closes it. */
    void send(ClientMessage message);

    /** Closes the channel, or gives up connecting; the machine wants to hear nothing more of it. */
    void disconnect(int code, String reason);

    /** Answers a request for a grant; the receiver owns it. */
    void granted(long id, BlobGrant grant);

    /** Answers a request for a ticket. */
    void admitted(long id, SwarmTicket ticket);

    /** Answers either with a refusal. */
    void refused(long id, KeyException refusal);

    /** The app server wants this mode of its clients from now on. */
    void mode(SharingMode mode);

    /** The client was shut out for good; all keys are wiped. At most once. */
    void shutOut();
}
