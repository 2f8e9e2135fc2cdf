package io.runnel.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SharingControlTest {
    private static final UploadPolicy CONSENTED =
            UploadPolicy.builder().consented(true).build();

    @Test
    void create_fresh_fetchesAndUploadsNothing() {
        SharingControl control = SharingControl.create();
        assertThat(control.mode()).isEqualTo(SharingMode.ON);
        assertThat(UploadState.of(control.mode(), control.policy(), false)).isEqualTo(UploadState.NO_CONSENT);
    }

    @Test
    void policy_monthlyCapWithoutLedger_isRefused() {
        UploadPolicy capped = CONSENTED.toBuilder().bytesPerMonth(1_000).build();
        assertThatThrownBy(() -> SharingControl.builder().policy(capped).build())
                .hasMessageContaining("ledger");
        SharingControl control = SharingControl.create();
        assertThatThrownBy(() -> control.policy(capped)).hasMessageContaining("ledger");
        assertThat(control.policy().consented()).isFalse();
    }

    @Test
    void null_isRefusedByNameAndChangesNothing() {
        SharingControl control = SharingControl.create();
        assertNamed("mode", () -> control.mode(null));
        assertNamed("policy", () -> control.policy(null));
        assertNamed("listener", () -> control.onChange(null));
        assertThat(control.mode()).isEqualTo(SharingMode.ON);
        assertThat(control.policy()).isNotNull();
        SharingControl.Builder builder = SharingControl.builder();
        assertNamed("mode", () -> builder.mode(null));
        assertNamed("policy", () -> builder.policy(null));
        assertNamed("network", () -> builder.network(null));
        assertNamed("ledger", () -> builder.ledger(null));
    }

    private static void assertNamed(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    @Test
    void onChange_modeAndPolicy_isCalledUntilClosed() {
        SharingControl control = SharingControl.create();
        List<String> heard = new ArrayList<>();
        SharingControl.Subscription subscription = control.onChange(
                () -> heard.add(control.mode() + " " + control.policy().consented()));
        control.mode(SharingMode.SHADOW);
        control.policy(CONSENTED);
        subscription.close();
        control.mode(SharingMode.OFF);
        assertThat(heard).containsExactly("SHADOW false", "SHADOW true");
    }

    @Test
    void stricter_anyTwo_isTheOneThatDoesLess() {
        for (SharingMode one : SharingMode.values()) {
            assertThat(one.stricter(SharingMode.ON)).isEqualTo(one);
            assertThat(one.stricter(SharingMode.OFF)).isEqualTo(SharingMode.OFF);
            assertThat(SharingMode.SHADOW.stricter(one)).isEqualTo(one.stricter(SharingMode.SHADOW));
        }
    }

    @Test
    void state_eachHindrance_isNamed() {
        assertThat(UploadState.of(SharingMode.ON, CONSENTED, false)).isEqualTo(UploadState.ALLOWED);
        assertThat(UploadState.of(SharingMode.ON, CONSENTED, true)).isEqualTo(UploadState.METERED);
        assertThat(UploadState.of(SharingMode.SHADOW, CONSENTED, false)).isEqualTo(UploadState.MODE_SHADOW);
        assertThat(UploadState.of(SharingMode.OFF, CONSENTED, false)).isEqualTo(UploadState.MODE_OFF);
        UploadPolicy only = CONSENTED.toBuilder().downloadOnly(true).build();
        assertThat(UploadState.of(SharingMode.ON, only, false)).isEqualTo(UploadState.DOWNLOAD_ONLY);
        UploadPolicy anyNetwork = CONSENTED.toBuilder().pauseOnMetered(false).build();
        assertThat(UploadState.of(SharingMode.ON, anyNetwork, true)).isEqualTo(UploadState.ALLOWED);
    }

    @Test
    void policy_valuesOutOfRange_areRefusedByName() {
        assertThatThrownBy(() -> UploadPolicy.builder().slots(0)).hasMessageContaining("slots");
        assertThatThrownBy(() -> UploadPolicy.builder().bytesPerSecond(UploadPolicy.LEAST_RATE - 1))
                .hasMessageContaining("bytesPerSecond");
        assertThatThrownBy(() -> UploadPolicy.builder().bytesPerMonth(-1)).hasMessageContaining("bytesPerMonth");
    }

    @Test
    void toBuilder_changesNothingElse() {
        UploadPolicy policy = UploadPolicy.builder()
                .consented(true)
                .downloadOnly(true)
                .pauseOnMetered(false)
                .slots(3)
                .bytesPerSecond(100_000)
                .bytesPerMonth(7)
                .build();
        assertThat(policy.toBuilder().build()).hasToString(policy.toString());
    }
}
