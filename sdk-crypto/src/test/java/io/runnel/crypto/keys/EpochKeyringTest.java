package io.runnel.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.keys.EpochKeyring.State;
import org.junit.jupiter.api.Test;

class EpochKeyringTest {
    private final EpochKeyring keyring = new EpochKeyring();

    private SecretBytes add(long epoch) {
        SecretBytes key = SecretBytes.random(32);
        keyring.add(new EpochWindow(epoch, epoch * 300, epoch * 300 + 300, epoch * 300 + 330), key);
        return key;
    }

    @Test
    void stateOf_asTimePasses_goesThroughAllStates() {
        SecretBytes key = add(1);
        assertThat(keyring.stateOf(1, 299)).isEqualTo(State.NEXT);
        assertThat(keyring.stateOf(1, 300)).isEqualTo(State.CURRENT);
        assertThat(keyring.stateOf(1, 599)).isEqualTo(State.CURRENT);
        assertThat(keyring.stateOf(1, 600)).isEqualTo(State.GRACE);
        assertThat(keyring.nextRetirementMillis()).contains(630L);
        assertThat(key.isClosed()).isFalse();
        assertThat(keyring.stateOf(1, 630)).isEqualTo(State.RETIRED);
        assertThat(key.isClosed()).isTrue();
        assertThat(keyring.nextRetirementMillis()).isEmpty();
        assertThat(keyring.stateOf(2, 630)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void stateOf_timeRunningBack_changesNothing() {
        add(1);
        assertThat(keyring.stateOf(1, 600)).isEqualTo(State.GRACE);
        assertThat(keyring.stateOf(1, 400)).isEqualTo(State.GRACE);
    }

    @Test
    void begin_afterATimeFarAhead_takesKeysOfTheRightTimeAndKeepsNone() {
        keyring.begin(86_400_000 + 200);
        SecretBytes wrong = addAt(289, 86_400_000);
        assertThat(keyring.stateOf(289, 86_400_200)).isEqualTo(State.CURRENT);
        keyring.advance(86_400_000 + 100_000);
        assertThat(wrong.isClosed()).isTrue();
        SecretBytes still = addAt(290, 86_400_000 + 100_000);
        keyring.begin(300);
        assertThat(still.isClosed()).isTrue();
        assertThat(keyring.nextRetirementMillis()).isEmpty();
        SecretBytes right = add(1);
        assertThat(right.isClosed()).isFalse();
        assertThat(keyring.stateOf(1, 300)).isEqualTo(State.CURRENT);
        assertThat(keyring.stateOf(1, 630)).isEqualTo(State.RETIRED);
    }

    @Test
    void begin_aLittleBack_bringsNoExpiredKeyBack() {
        SecretBytes expired = add(1);
        SecretBytes held = add(2);
        keyring.advance(700);
        assertThat(expired.isClosed()).isTrue();
        keyring.begin(400);
        assertThat(add(1).isClosed()).isTrue();
        assertThat(held.isClosed()).isFalse();
        assertThat(keyring.nowMillis()).isEqualTo(700);
    }

    /** What is not a new session changes nothing: a keyring is not turned back by the time alone. */
    @Test
    void advance_farBack_bringsNoExpiredKeyBack() {
        add(1);
        keyring.advance(86_400_000);
        keyring.advance(300);
        assertThat(add(1).isClosed()).isTrue();
        assertThat(keyring.stateOf(1, 300)).isEqualTo(State.RETIRED);
    }

    private SecretBytes addAt(long epoch, long startMillis) {
        SecretBytes key = SecretBytes.random(32);
        keyring.add(new EpochWindow(epoch, startMillis, startMillis + 300, startMillis + 330), key);
        return key;
    }

    @Test
    void add_aFourthKey_retiresTheOldest() {
        SecretBytes first = add(1);
        add(2);
        add(3);
        assertThat(first.isClosed()).isFalse();
        add(4);
        assertThat(first.isClosed()).isTrue();
        assertThat(keyring.stateOf(1, 0)).isEqualTo(State.RETIRED);
        assertThat(keyring.stateOf(4, 0)).isEqualTo(State.NEXT);
    }

    @Test
    void add_sameEpochAgain_replacesAndWipes() {
        SecretBytes before = add(1);
        SecretBytes after = add(1);
        assertThat(before.isClosed()).isTrue();
        assertThat(keyring.keyOf(1)).containsSame(after);
    }

    @Test
    void add_theSameKeyAgain_keepsIt() {
        SecretBytes key = add(1);
        keyring.add(new EpochWindow(1, 0, 1000, 2000), key);
        assertThat(key.isClosed()).isFalse();
    }

    @Test
    void add_theSameKeyInAnotherCopy_wipesTheEarlierCopy() {
        SecretBytes first = add(1);
        SecretBytes again = first.copy();
        keyring.add(new EpochWindow(1, 300, 600, 630), again);
        assertThat(first.isClosed()).isTrue();
        assertThat(again.isClosed()).isFalse();
        assertThat(keyring.keyOf(1)).containsSame(again);
    }

    @Test
    void clientIdOfName_halfOfASurrogatePair_isRefused() {
        assertThatThrownBy(() -> ClientIds.ofName("a\ud800")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void add_retiredEpoch_isWipedAtOnce() {
        add(1);
        keyring.close();
        assertThat(add(1).isClosed()).isTrue();
        assertThat(keyring.stateOf(1, 0)).isEqualTo(State.RETIRED);
        keyring.advance(10_000);
        assertThat(add(5).isClosed()).isTrue();
    }

    @Test
    void close_keysHeld_areWiped() {
        SecretBytes first = add(1);
        SecretBytes second = add(2);
        keyring.close();
        keyring.close();
        assertThat(first.isClosed() && second.isClosed()).isTrue();
    }

    @Test
    void window_timesOutOfOrder_isRefused() {
        assertThatThrownBy(() -> new EpochWindow(1, 10, 10, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochWindow(1, 10, 20, 19)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochWindow(1, 10, 20, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochWindow(-1, 10, 20, 20)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new EpochWindow(1, 10, 20, 30).graceUntilMillis()).isEqualTo(30);
    }
}
