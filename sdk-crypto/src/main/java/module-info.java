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
    exports io.runnel.crypto.cipher;
    exports io.runnel.crypto.hash;
    exports io.runnel.crypto.identity;
    exports io.runnel.crypto.keys;
    exports io.runnel.crypto.tree;
    exports io.runnel.crypto.tree.slice;
}
