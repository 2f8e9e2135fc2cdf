package io.runnel.devserver.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.devserver.origin.RangeHeader.Ignored;
import io.runnel.devserver.origin.RangeHeader.Satisfiable;
import io.runnel.devserver.origin.RangeHeader.Unsatisfiable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-99, 0, 99",
        "bytes=0-, 0, 99",
        "bytes=99-, 99, 99",
        "bytes=10-1000, 10, 99",
        "bytes=-1, 99, 99",
        "bytes=-100, 0, 99",
        "bytes=-1000, 0, 99",
        "BYTES=5-6, 5, 6",
        "bytes= 5-6 , 5, 6",
        "bytes=5-99999999999999999999999, 5, 99",
        "bytes=-99999999999999999999999, 0, 99",
    })
    void parse_rangeWithinTheFile_isSatisfiable(String field, long first, long last) {
        assertThat(RangeHeader.parse(field, 100)).isEqualTo(new Satisfiable(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
    void parse_rangeBeyondTheFile_isUnsatisfiable(String field) {
        assertThat(RangeHeader.parse(field, 100)).isEqualTo(new Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5",
                "bytes=6-5",
                "bytes=a-b",
                "bytes=--5",
                "bytes=1-2-3",
                "bytes=0-1,5-6",
                "lines=0-1",
                "bytes=+1-2",
                "bytes=٣-٤"
            })
    void parse_malformedOrUnsupported_isIgnored(String field) {
        assertThat(RangeHeader.parse(field, 100)).isEqualTo(new Ignored());
    }

    @Test
    void parse_absent_isIgnored() {
        assertThat(RangeHeader.parse(null, 100)).isEqualTo(new Ignored());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1"})
    void parse_emptyFile_isUnsatisfiable(String field) {
        assertThat(RangeHeader.parse(field, 0)).isEqualTo(new Unsatisfiable());
    }
}
