package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentRecordTest {
    private static final BlobId ID = BlobId.parse("11".repeat(32));

    /** A blob of 40,000 bytes, its groups 0 and 2 at 131072 and its first parent at 171072. */
    private static final String FIXTURE = "52 4e 53 32" // magic RNS2
            + "00 00 00 00 00 00 00 07" // sequence
            + "00 00 00 6a" // length of what follows
            + "11".repeat(32) // blob id
            + "00 00 00 00 00 00 9c 40" // blob size
            + "00 00 00 02" // pages
            + "00" // the blob itself
            + "00 00 00 00 00 00 00 00" // page 0
            + "00 00 00 00 00 02 00 00" // place in the file
            + "00 00 00 00 00 00 00 05" // units held
            + "aa aa aa aa cc cc cc cc" // their checks
            + "01" // its outboard
            + "00 00 00 00 00 00 00 00" // page 0
            + "00 00 00 00 00 02 9c 40" // place in the file
            + "00 00 00 00 00 00 00 01" // units held
            + "bb bb bb bb"; // its check

    private static byte[] fixture() {
        return checked(HexFormat.of().parseHex(FIXTURE.replace(" ", "")));
    }

    private static byte[] checked(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return ByteBuffer.allocate(body.length + 4)
                .put(body)
                .putInt((int) crc.getValue())
                .array();
    }

    @Test
    void decode_fixture_isWhatItSays() {
        SegmentRecord record = SegmentRecord.decode(fixture());
        assertThat(record.sequence()).isEqualTo(7);
        assertThat(record.pages()).hasSize(2);
        RecordedPage data = record.pages().get(0);
        assertThat(data.blob).isEqualTo(ID);
        assertThat(data.sizeBytes).isEqualTo(40_000);
        assertThat(data.outboard).isFalse();
        assertThat(data.offset).isEqualTo(131_072);
        assertThat(data.heldWithin(Long.MAX_VALUE)).isEqualTo(0b101);
        assertThat(data.heldWithin(131_072 + 39_999)).isEqualTo(0b001);
        assertThat(data.checks).containsExactly(0xaaaaaaaa, 0, 0xcccccccc);
        RecordedPage outboard = record.pages().get(1);
        assertThat(outboard.outboard).isTrue();
        assertThat(outboard.checks).containsExactly(0xbbbbbbbb, 0);
    }

    @Test
    void decode_anyByteChanged_isRefused() {
        byte[] good = fixture();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            assertThat(SegmentRecord.decode(bad)).as("byte %d", i).isNull();
        }
    }

    @Test
    void decode_anyLength_isRefusedUnlessWhole() {
        byte[] good = fixture();
        for (int length = 0; length < good.length; length++) {
            assertThat(SegmentRecord.decode(Arrays.copyOf(good, length))).isNull();
            byte[] body = Arrays.copyOf(good, Math.max(16, length));
            ByteBuffer.wrap(body).putInt(12, body.length - 16);
            boolean whole = body.length == 16 || body.length == good.length - 4;
            assertThat(SegmentRecord.decode(checked(body)) != null)
                    .as("cut at %d with a right check", length)
                    .isEqualTo(whole);
        }
    }

    @Test
    void decode_randomBodiesWithRightChecks_neverThrows() {
        long seed = 9;
        Random random = new Random(seed);
        byte[] good = fixture();
        for (int i = 0; i < 200_000; i++) {
            byte[] body = Arrays.copyOf(good, good.length - 4);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                body[16 + random.nextInt(body.length - 16)] = (byte) random.nextInt();
            }
            SegmentRecord record = SegmentRecord.decode(checked(body));
            if (record != null) {
                for (RecordedPage page : record.pages()) {
                    assertThat(page.offset).as("seed %d, step %d", seed, i).isGreaterThanOrEqualTo(131_072);
                    assertThat(page.heldWithin(131_072)).isZero();
                }
            }
        }
    }
}
