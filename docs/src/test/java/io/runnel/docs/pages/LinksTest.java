package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link that stays in the repository leads somewhere. */
class LinksTest {
    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_withinTheRepository_leadSomewhere(Page page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : page.relativeLinks()) {
            int hash = link.indexOf('#');
            String path = hash < 0 ? link : link.substring(0, hash);
            Path target = path.isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(path).normalize();
            if (!Files.exists(target) || (hash >= 0 && !anchors(target).contains(link.substring(hash + 1)))) {
                broken.add(link);
            }
        }
        assertThat(broken).isEmpty();
    }

    private static java.util.Set<String> anchors(Path target) {
        return Page.named(Page.root().relativize(target).toString()).anchors();
    }
}
