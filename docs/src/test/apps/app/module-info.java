module example.app {
    requires io.runnel.http;
    requires io.runnel.p2p;
}
