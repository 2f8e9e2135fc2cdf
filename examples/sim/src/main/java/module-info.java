import org.jspecify.annotations.NullMarked;

/**
 * The swarm simulator: the SDK's planner and exchange machine over a simulated network.
 */
@NullMarked
module io.runnel.sim {
    requires io.runnel.core;
    requires io.runnel.p2p;
    requires static transitive org.jspecify;

    exports io.runnel.sim;
}
