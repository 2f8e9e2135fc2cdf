import org.jspecify.annotations.NullMarked;

/**
 * The public API, the fetch engine, the blob stores, and the ports that adapters implement.
 */
@NullMarked
module io.runnel.core {
    requires transitive io.runnel.crypto;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.runnel;
    exports io.runnel.fetch;
    exports io.runnel.source;
    exports io.runnel.keys;
    exports io.runnel.store;
    exports io.runnel.channel;
    exports io.runnel.engine.plan to
            io.runnel.sim;
}
