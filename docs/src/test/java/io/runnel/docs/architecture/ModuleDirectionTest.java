package io.runnel.docs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which module may use what: ours one way only, and foreign libraries only where they belong. */
class ModuleDirectionTest {
    private static final Map<String, Set<String>> OURS = Map.of(
            "io.runnel.crypto", Set.of(),
            "io.runnel.core", Set.of("io.runnel.crypto"),
            "io.runnel.http", Set.of("io.runnel.core", "io.runnel.crypto"),
            "io.runnel.p2p", Set.of("io.runnel.core", "io.runnel.crypto"));

    private static final Map<String, Set<String>> FOREIGN = Map.of(
            "io.runnel.crypto",
            Set.of("org.bouncycastle.", "org.apache.commons.codec.", "org.slf4j."),
            "io.runnel.core",
            Set.of("org.slf4j.", "jdk.jfr.", "io.micrometer."),
            "io.runnel.http",
            Set.of("io.netty.", "reactor.", "org.reactivestreams.", "tools.jackson.", "org.slf4j."),
            "io.runnel.p2p",
            Set.of("dev.onvoid.webrtc.", "tools.jackson.", "org.slf4j."));

    /** Packages of the JDK that the two inner modules keep away from: they do no networking and show nothing. */
    private static final List<String> OUTWARD =
            List.of("java.net.http.", "java.nio.channels.Socket", "java.net.Socket", "javax.net.", "java.awt.");

    static List<SdkModule> modules() {
        return SdkModule.sdk();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependencies_ofOurModules_pointOneWay(SdkModule module) {
        Set<String> wrong = new TreeSet<>();
        for (SdkModule other : module.others()) {
            if (!OURS.get(module.name()).contains(other.name())) {
                wrong.addAll(uses(module, other::has));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependencies_acrossModules_areExportedPackages(SdkModule module) {
        Set<String> wrong = new TreeSet<>();
        for (SdkModule other : module.others()) {
            wrong.addAll(uses(module, type -> other.has(type) && !other.exportsPackage(type.getPackageName())));
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependencies_onLibraries_areThoseOfTheModule(SdkModule module) {
        Set<String> allowed = FOREIGN.get(module.name());
        assertThat(uses(
                        module,
                        type -> !isOurs(type)
                                && !type.getName().startsWith("java.")
                                && !type.getName().startsWith("javax.")
                                && !type.getName().startsWith("org.jspecify.")
                                && allowed.stream().noneMatch(type.getName()::startsWith)))
                .isEmpty();
    }

    @Test
    void dependencies_ofTheInnerModules_doNoNetworking() {
        for (String name : List.of("io.runnel.crypto", "io.runnel.core")) {
            assertThat(uses(SdkModule.named(name), type -> OUTWARD.stream().anyMatch(type.getName()::startsWith)))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void dependencies_onMicrometer_areOfTheMetricsPackageAlone() {
        assertThat(SdkModule.named("io.runnel.core").classes().stream()
                        .filter(type -> !type.getPackageName().equals("io.runnel.metrics"))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(Dependency::getTargetClass)
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith("io.micrometer") || name.equals("io.runnel.metrics")))
                .isEmpty();
    }

    private static boolean isOurs(JavaClass type) {
        return type.isPrimitive()
                || type.getPackageName().isEmpty()
                || SdkModule.sdk().stream().anyMatch(module -> module.has(type));
    }

    private static Set<String> uses(SdkModule module, Predicate<JavaClass> used) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : module.classes()) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                if (used.test(dependency.getTargetClass().getBaseComponentType())) {
                    found.add(dependency.getDescription());
                }
            }
        }
        return found;
    }
}
