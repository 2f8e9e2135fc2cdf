package io.runnel.docs.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packages stand for features, and no two of them need each other. */
class PackageRulesTest {
    private static final Set<String> NAMES_THAT_SAY_NOTHING =
            Set.of("util", "utils", "common", "impl", "manager", "managers", "helper", "helpers", "misc");

    private static final SliceAssignment ONE_SLICE_EACH = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    static List<SdkModule> modules() {
        return SdkModule.sdk();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packages_ofOneModule_haveNoCycles(SdkModule module) {
        slices().assignedFrom(ONE_SLICE_EACH).should().beFreeOfCycles().check(module.classes());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packages_names_sayWhatIsInThem(SdkModule module) {
        assertThat(module.packages())
                .allSatisfy(name -> assertThat(Arrays.asList(name.split("\\.")))
                        .doesNotContainAnyElementsOf(NAMES_THAT_SAY_NOTHING));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packages_ofOneModule_areOfNoOther(SdkModule module) {
        for (SdkModule other : module.others()) {
            assertThat(module.packages()).doesNotContainAnyElementsOf(other.packages());
        }
    }
}
