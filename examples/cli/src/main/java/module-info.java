import org.jspecify.annotations.NullMarked;

/**
 * The {@code runnel} command line.
 */
@NullMarked
module io.runnel.cli {
    requires io.runnel.devserver;
    requires io.runnel.http;
    requires io.runnel.p2p;
    requires io.runnel.sim;
    requires java.management;
    requires java.net.http;
    requires com.fasterxml.jackson.annotation;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires static org.jspecify;
    requires tools.jackson.databind;

    opens io.runnel.cli to
            info.picocli,
            tools.jackson.databind;
    opens io.runnel.cli.bench to
            tools.jackson.databind;
    opens io.runnel.cli.client to
            tools.jackson.databind;
    opens io.runnel.cli.demo to
            tools.jackson.databind;
    opens io.runnel.cli.report to
            tools.jackson.databind;
    opens io.runnel.cli.process to
            tools.jackson.databind;
}
