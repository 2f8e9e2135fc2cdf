package io.runnel.http;

import io.runnel.crypto.BlobId;
import io.runnel.http.origin.OriginAddresses;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;

/** Where the app says the files of its origin are. */
record OriginPaths(
        String name, Function<BlobId, URI> blobUri, Function<BlobId, URI> outboardUri, HeaderSupplier supplier)
        implements OriginAddresses {
    private static final String SUFFIX = ".obao4";

    @Override
    public URI blob(BlobId id) {
        return blobUri.apply(id);
    }

    @Override
    public URI outboard(BlobId id) {
        return outboardUri.apply(id);
    }

    @Override
    public Map<String, String> headers(URI uri) {
        return supplier.headers(uri);
    }

    /** The same address with the suffix after its path, and without its fragment, which no server gets to see. */
    static URI besideBlob(URI blob) {
        String text = blob.toString().replaceFirst("#.*", "");
        int query = text.indexOf('?');
        return URI.create(query < 0 ? text + SUFFIX : text.substring(0, query) + SUFFIX + text.substring(query));
    }
}
