package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GroupVerifierTest {
    private static final int GROUP = 16 * 1024;

    /** The last group is one byte short. */
    private static final TreeShape LARGEST = TreeShape.ofBlob(Long.MAX_VALUE);

    private final long last = LARGEST.groups() - 1;

    @Test
    void firstBad_endOfTheLargestBlob_isCheckedAsAnyOther() {
        assertThat(LARGEST.bytesOf(last, last + 1)).isEqualTo(GROUP - 1);
        assertThat(LARGEST.bytesOf(last - 1, last + 1)).isEqualTo(2 * GROUP - 1);
        assertThat(GroupVerifier.firstBad(LARGEST, last, ByteBuffer.allocate(GROUP - 1), new byte[32]))
                .isZero();
        for (int length : new int[] {GROUP, GROUP - 2, 2 * GROUP, 4 * GROUP}) {
            assertThatThrownBy(() -> GroupVerifier.firstBad(
                            LARGEST, last, ByteBuffer.allocate(length), new byte[32 * (length / GROUP)]))
                    .as("%d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no whole groups");
        }
    }
}
