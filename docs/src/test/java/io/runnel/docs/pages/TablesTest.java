package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.OriginUse;
import io.runnel.source.PeerPath;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide's tables leave nothing out. */
class TablesTest {
    private static final Set<String> SELF_EXPLANATORY = Set.of("elapsed", "openBlobs", "openedBlobs", "firstBytes");

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

    @Test
    void guide_statistics_nameEveryOne() {
        List<String> names = Stream.of(FetchStats.class, ClientStats.class)
                .flatMap(stats -> Arrays.stream(stats.getRecordComponents()))
                .map(RecordComponent::getName)
                .filter(name -> !SELF_EXPLANATORY.contains(name))
                .toList();
        assertThat(guide.codeWords())
                .containsAll(names)
                .containsAll(Arrays.stream(OriginUse.values()).map(Enum::name).toList())
                .containsAll(Arrays.stream(PeerPath.values()).map(Enum::name).toList());
    }
}
