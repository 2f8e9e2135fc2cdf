package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The guide's tables leave nothing out. */
class TablesTest {
    private final Page guide = Page.named("docs/integration.md");

    @Test
    void guide_errors_nameEveryReason() {
        assertThat(guide.codeWords())
                .containsAll(Arrays.stream(FetchException.Reason.values())
                        .map(Enum::name)
                        .toList());
    }

    @Test
    void guide_settings_nameEveryOne() {
        assertThat(guide.codeWords())
                .containsAll(Arrays.stream(FetchSettings.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    @Test
    void guide_events_nameEveryOne() {
        assertThat(guide.codeWords())
                .containsAll(Arrays.stream(FetchListener.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }
}
