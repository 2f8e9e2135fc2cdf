import org.jspecify.annotations.NullMarked;

/**
 * The public API, the fetch engine, the blob stores, and the ports that adapters implement.
 */
@NullMarked
module io.runnel.core {
    requires transitive io.runnel.crypto;
    requires static transitive org.jspecify;
    requires jdk.jfr;
    requires org.slf4j;
    requires static micrometer.core;

    exports io.runnel;
    exports io.runnel.fetch;
    exports io.runnel.sharing;
    exports io.runnel.source;
    exports io.runnel.keys;
    exports io.runnel.store;
    exports io.runnel.channel;
    exports io.runnel.metrics;
    exports io.runnel.engine.plan to
            io.runnel.sim;
    exports io.runnel.file to
            io.runnel.devserver;
}
