package io.runnel.docs.architecture;

import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no class of the SDK does, and what its public API does not show. */
class CodeRulesTest {
    /** Libraries whose types never appear in what an app can call. */
    private static final List<String> HIDDEN = List.of(
            "io.netty.", "reactor.", "org.reactivestreams.", "dev.onvoid.", "tools.jackson.", "org.bouncycastle.");

    static List<SdkModule> modules() {
        return SdkModule.sdk();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void classes_output_goesToSlf4jOnly(SdkModule module) {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(module.classes());
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(module.classes());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void classes_threads_areNamed(SdkModule module) {
        Set<String> nameless = new TreeSet<>();
        for (JavaClass type : module.classes()) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (startsNamelessThread(access)) {
                    nameless.add(access.getDescription());
                }
            }
        }
        assertThat(nameless).isEmpty();
    }

    private static boolean startsNamelessThread(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        List<String> parameters = access.getTarget()
                        instanceof com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget call
                ? call.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
        String method = access.getTarget().getName();
        if (owner.isEquivalentTo(Thread.class)) {
            return method.equals("<init>") && !parameters.contains(String.class.getName());
        }
        if (owner.isEquivalentTo(Executors.class)) {
            return method.startsWith("new") && !parameters.contains(ThreadFactory.class.getName());
        }
        if (owner.isEquivalentTo(CompletableFuture.class)) {
            boolean async = method.endsWith("Async") || method.equals("delayedExecutor");
            return async && !parameters.contains(Executor.class.getName());
        }
        return owner.isEquivalentTo(ForkJoinPool.class) || method.equals("parallelStream");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void exportedPackages_signatures_showNoLibrary(SdkModule module) {
        Set<String> shown = new TreeSet<>();
        for (JavaClass type : module.classes()) {
            if (module.exportsPackage(type.getPackageName()) && isVisible(type)) {
                type.getMembers().stream()
                        .filter(CodeRulesTest::isVisible)
                        .filter(member -> typesOf(member).stream()
                                .anyMatch(used -> HIDDEN.stream().anyMatch(used.getName()::startsWith)))
                        .forEach(member -> shown.add(member.getFullName()));
            }
        }
        assertThat(shown).isEmpty();
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Set<JavaClass> typesOf(JavaMember member) {
        Set<JavaClass> types = new HashSet<>(member.getAllInvolvedRawTypes());
        if (member instanceof JavaMethod method) {
            method.getThrowsClause().getTypes().forEach(thrown -> types.add(thrown.toErasure()));
        }
        return types;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void exceptions_ofExportedPackages_areFinal(SdkModule module) {
        assertThat(module.classes().stream()
                        .filter(type -> type.isAssignableTo(Throwable.class))
                        .filter(type -> module.exportsPackage(type.getPackageName()) && isVisible(type))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.FINAL))
                        .map(JavaClass::getName))
                .isEmpty();
    }
}
