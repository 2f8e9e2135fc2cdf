package io.runnel.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadLedgerTest {
    private static final long CAP = 1_000;

    @TempDir
    Path folder;

    private Path file;
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");

    @BeforeEach
    void name() {
        file = folder.resolve("uploads");
    }

    private UploadLedger open() throws IOException {
        return UploadLedger.open(file, () -> now);
    }

    /** In a ledger opened for it alone, as after a restart. */
    private long reserve(long bytes) throws IOException {
        try (UploadLedger ledger = open()) {
            return ledger.reserve(bytes, CAP);
        }
    }

    private void at(String time) {
        now = Instant.parse(time);
    }

    @Test
    void reserve_overRestarts_staysWithinTheCap() throws Exception {
        assertThat(reserve(600)).isEqualTo(600);
        assertThat(reserve(600)).isEqualTo(400);
        assertThat(reserve(600)).isZero();
    }

    @Test
    void reserve_nextMonth_startsAnew() throws Exception {
        reserve(CAP);
        at("2026-11-30T23:59:59Z");
        assertThat(reserve(1)).isZero();
        at("2026-12-01T00:00:00Z");
        assertThat(reserve(CAP)).isEqualTo(CAP);
        at("2027-11-26T12:00:00Z");
        assertThat(reserve(CAP)).isEqualTo(CAP);
    }

    @Test
    void reserve_nextMonthInOneSession_startsAnew() throws Exception {
        try (UploadLedger ledger = open()) {
            assertThat(ledger.reserve(CAP, CAP)).isEqualTo(CAP);
            at("2026-12-01T00:00:00Z");
            assertThat(ledger.usedThisMonth()).isZero();
            assertThat(ledger.reserve(CAP, CAP)).isEqualTo(CAP);
        }
    }

    @Test
    void reserve_unlimited_isCountedAllTheSame() throws Exception {
        try (UploadLedger ledger = open()) {
            assertThat(ledger.reserve(5_000, UploadPolicy.UNLIMITED)).isEqualTo(5_000);
            assertThat(ledger.usedThisMonth()).isEqualTo(5_000);
            assertThat(ledger.reserve(1, CAP)).isZero();
        }
    }

    @Test
    void giveBack_unused_mayBeReservedAgain() throws Exception {
        try (UploadLedger ledger = open()) {
            ledger.reserve(CAP, CAP);
            ledger.giveBack(300);
        }
        assertThat(reserve(CAP)).isEqualTo(300);
    }

    @Test
    void giveBack_reservedBeforeTheMonthsEnd_takesNothingFromTheNewMonth() throws Exception {
        try (UploadLedger november = open()) {
            november.reserve(600, CAP);
            at("2026-12-01T00:00:00Z");
            november.giveBack(200);
            assertThat(november.reserve(CAP, CAP)).isEqualTo(CAP);
            november.giveBack(300);
            assertThat(november.usedThisMonth()).isEqualTo(700);
        }
        at("2027-01-01T00:00:00Z");
        reserve(500);
        try (UploadLedger ledger = open()) {
            ledger.giveBack(200);
            assertThat(ledger.usedThisMonth()).isEqualTo(500);
        }
    }

    @Test
    void clock_backOverTheMonthsEnd_countsBothMonths() throws Exception {
        reserve(400);
        at("2026-12-01T00:30:00Z");
        reserve(300);
        at("2026-11-30T23:30:00Z");
        assertThat(reserve(CAP)).isEqualTo(300);
        at("2026-12-01T00:30:00Z");
        assertThat(reserve(CAP))
                .as("what was sent while the clock was behind counts here too")
                .isEqualTo(400);
    }

    @Test
    void clock_yearsAheadAndBack_gainsOneMonthAtMostAndHeals() throws Exception {
        reserve(900);
        at("2036-01-01T00:00:00Z");
        assertThat(reserve(500)).isEqualTo(500);
        at("2026-11-26T13:00:00Z");
        assertThat(reserve(CAP)).isZero();
        at("2026-12-01T00:00:00Z");
        assertThat(reserve(CAP)).isEqualTo(CAP);
    }

    /** As on a device whose clock is right only once it has asked for the time. */
    @Test
    void clock_aheadAtEachStart_countsEachByteOnce() throws Exception {
        long all = 0;
        for (int day = 10; day < 22; day++) {
            at("2027-01-01T00:00:00Z");
            try (UploadLedger ledger = open()) {
                all += ledger.reserve(512, UploadPolicy.UNLIMITED);
                at("2026-11-" + day + "T12:00:00Z");
                all += ledger.reserve(512, UploadPolicy.UNLIMITED);
                assertThat(ledger.usedThisMonth()).isEqualTo(all);
            }
        }
        at("2027-01-01T00:00:00Z");
        try (UploadLedger ledger = open()) {
            assertThat(ledger.usedThisMonth()).isEqualTo(all);
        }
        at("2026-12-01T00:00:00Z");
        assertThat(reserve(CAP)).isEqualTo(CAP);
    }

    @Test
    void open_linkToALedger_saysWhatItIs() throws Exception {
        Path real = Files.createFile(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link-to-it"), real);
        assertThatThrownBy(() -> UploadLedger.open(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name a plain file")
                .hasMessageNotContaining("Delete");
    }

    @Test
    void clock_neverSet_staysInTheMonthSeenLast() throws Exception {
        reserve(700);
        at("1970-01-01T00:00:05Z");
        assertThat(reserve(CAP)).isEqualTo(300);
        at("2026-11-26T14:00:00Z");
        assertThat(reserve(CAP)).isZero();
    }

    @Test
    void open_twice_secondFailsAndSaysWhy() throws Exception {
        try (UploadLedger first = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
            assertThat(first.reserve(1, CAP)).isEqualTo(1);
        }
        open().close();
    }

    @Test
    void open_failedWhileThisProcessHasIt_keepsOtherProcessesOut() throws Exception {
        try (UploadLedger first = open()) {
            Files.createSymbolicLink(folder.resolve("link"), folder);
            assertThatThrownBy(this::open).hasMessageContaining("in use");
            assertThatThrownBy(() -> UploadLedger.open(folder.resolve("link/uploads")))
                    .hasMessageContaining("in use");
            assertThat(openedElsewhere()).isFalse();
            assertThat(first.reserve(1, CAP)).isEqualTo(1);
        }
        assertThat(openedElsewhere()).isTrue();
    }

    /** Whether another process can open it. */
    private boolean openedElsewhere() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                UploadLedgerTest.class.getName(),
                                file.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** What the other process does. */
    public static void main(String[] arguments) throws IOException {
        UploadLedger.open(Path.of(arguments[0])).close();
    }

    @Test
    void open_everyByteFlipped_refusesOrReadsTheSame() throws Exception {
        reserve(123);
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 1;
            Files.write(file, bad);
            assertThatThrownBy(this::open)
                    .as("byte " + i)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("damaged");
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(this::open).as("length " + length).isInstanceOf(IOException.class);
        }
        Files.write(file, good);
        assertThat(reserve(CAP)).isEqualTo(CAP - 123);
    }

    @Test
    void reserve_cannotBeWritten_reservesNothing() throws Exception {
        try (UploadLedger ledger = open()) {
            ledger.reserve(10, CAP);
            // Where the new file should go there is a folder.
            Path inTheWay = Files.createDirectories(folder.resolve("uploads.new/x"));
            assertThatThrownBy(() -> ledger.reserve(20, CAP)).isInstanceOf(IOException.class);
            assertThat(ledger.usedThisMonth()).isEqualTo(10);
            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            assertThat(ledger.reserve(20, CAP)).isEqualTo(20);
        }
        assertThat(reserve(CAP)).isEqualTo(CAP - 30);
    }

    @Test
    void giveBack_cannotBeWritten_countsAsUploaded() throws Exception {
        try (UploadLedger ledger = open()) {
            ledger.reserve(30, CAP);
            Path inTheWay = Files.createDirectories(folder.resolve("uploads.new/x"));
            assertThatThrownBy(() -> ledger.giveBack(20)).isInstanceOf(IOException.class);
            assertThat(ledger.usedThisMonth()).isEqualTo(30);
            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            ledger.reserve(5, CAP);
        }
        assertThat(reserve(CAP)).isEqualTo(CAP - 35);
    }

    @Test
    void open_leftOverOfAKilledProcess_isNoHindrance() throws Exception {
        reserve(10);
        Files.writeString(folder.resolve("uploads.new"), "half a fi");
        assertThat(reserve(CAP)).isEqualTo(CAP - 10);
    }

    @Test
    void reserve_closed_fails() throws Exception {
        UploadLedger ledger = open();
        ledger.close();
        ledger.close();
        assertThatThrownBy(() -> ledger.reserve(1, CAP))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }
}
