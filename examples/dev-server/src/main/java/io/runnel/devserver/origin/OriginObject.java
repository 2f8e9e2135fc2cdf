package io.runnel.devserver.origin;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file the origin serves: a blob or its outboard. Named by a content hash, so it never changes and its name is its tag.
 *
 * @param file where it is
 * @param entityTag strong, with its quotes
 */
record OriginObject(Path file, String entityTag) {
    private static final Pattern PATH = Pattern.compile("/([a-z0-9][a-z0-9-]{0,62})/([0-9a-f]{64}(?:\\.obao4)?)");

    /**
     * The object at a request path without its query. Nothing outside {@code blobs/<bucket>/} can be named, and no symbolic
     * link is followed.
     */
    static Optional<OriginObject> find(Path blobs, String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Path bucket = blobs.resolve(matcher.group(1));
        Path file = bucket.resolve(matcher.group(2));
        return !Files.isSymbolicLink(bucket) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new OriginObject(file, '"' + matcher.group(2) + '"'))
                : Optional.empty();
    }
}
