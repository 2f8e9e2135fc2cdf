import org.jspecify.annotations.NullMarked;

/**
 * Bytes in, bytes out: the cryptography of Runnel. No input or output, no threads of its own.
 */
@NullMarked
module io.runnel.crypto {
    requires static transitive org.jspecify;
    requires org.apache.commons.codec;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports io.runnel.crypto;
}
