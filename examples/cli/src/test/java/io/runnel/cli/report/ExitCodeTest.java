package io.runnel.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.FetchException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void of_everyReason_hasANumberOfItsOwnAndItsName() {
        assertThat(Stream.of(FetchException.Reason.values()).map(ExitCode::of).map(ExitCode::number))
                .doesNotHaveDuplicates()
                .allMatch(number -> number >= 10);
        for (FetchException.Reason reason : FetchException.Reason.values()) {
            assertThat(ExitCode.of(reason).name()).isEqualTo(reason.name());
        }
    }

    @Test
    void numbers_areTheDocumentedOnes() {
        assertThat(Stream.of(ExitCode.values()).map(ExitCode::number))
                .containsExactly(0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    }
}
