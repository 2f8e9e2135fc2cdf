package io.runnel.sharing;

/** What the platform knows of the network in use. A JVM cannot tell, so an app on a platform that can says it here. */
@FunctionalInterface
public interface NetworkConditions {
    /** A network whose traffic costs nothing extra; the default. */
    NetworkConditions UNMETERED = () -> false;

    /**
     * Whether traffic is paid for by volume, such as on a mobile network or a tethered phone. Asked four times a second,
     * on the swarm's own thread: answers at once, from what a platform callback has left
     * there. An exception counts as true.
     */
    boolean metered();
}
