package io.runnel.http.origin;

import io.runnel.crypto.BlobId;
import java.net.URI;
import java.util.Map;

/** Where the files of an origin are, and what the app adds to requests for them. Called from any thread. */
public interface OriginAddresses {
    /** The source's id: no address, no query. */
    String name();

    /** The address of a blob. */
    URI blob(BlobId id);

    /** The address of a blob's outboard. */
    URI outboard(BlobId id);

    /** Headers for a request to this address. */
    Map<String, String> headers(URI uri);
}
