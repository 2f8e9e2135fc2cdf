package io.runnel.http.origin;

import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a blob and its outboard are. The addresses are asked for at each fetch, since signed ones expire.
 *
 * @param sizeBytes length of the blob
 * @param blobUri gives the blob's address, or fails with {@link AppFailure}
 * @param outboardUri gives the outboard's, likewise
 * @param headers what the app adds to a request, likewise
 * @param loopbackHttp whether plain http to loopback is allowed
 */
record BlobFiles(
        long sizeBytes,
        Supplier<URI> blobUri,
        Supplier<URI> outboardUri,
        Function<URI, Map<String, String>> headers,
        boolean loopbackHttp) {
    OriginFile blob(SourceInfo info) throws SourceException {
        return new OriginFile(info.id(), checked(info, blobUri), sizeBytes, headers);
    }

    OriginFile outboard(SourceInfo info, long bytes) throws SourceException {
        return new OriginFile(info.id(), checked(info, outboardUri), bytes, headers);
    }

    private URI checked(SourceInfo info, Supplier<URI> supplier) throws SourceException {
        URI uri;
        try {
            uri = supplier.get();
        } catch (AppFailure e) {
            throw new SourceException(SourceException.Reason.UNREACHABLE, info.id() + ": " + e.getMessage());
        }
        if (!Redirects.isAllowed(uri, loopbackHttp)) {
            throw new SourceException(
                    SourceException.Reason.UNREACHABLE,
                    info.id() + ": the app gave no https:// address with a valid host and port for the blob");
        }
        return uri;
    }
}
