package io.runnel.p2p.webrtc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes shared objects without code (System V ABI, ELF-64): a name, perhaps a library it needs, nothing else.
 *
 * <p>One with a name stands in for a library that is absent, one with a need asks the loader whether a library is there.
 * Layout: file header, three program headers, string table, symbol table with its null entry, hash table, dynamic
 * section; all of it in one loaded segment. A {@code PT_GNU_STACK} header is there because without one the loader would
 * make every thread's stack executable.
 */
final class EmptyLibrary {
    private static final int EHDR = 64;
    private static final int PHDR = 56;
    private static final int SYMBOL = 24;
    private static final int HASH = 16;
    private static final int DYN = 16;
    private static final int ALIGN = 1 << 16;

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int READ_WRITE = 6;

    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_HASH = 4;
    private static final long DT_STRTAB = 5;
    private static final long DT_SYMTAB = 6;
    private static final long DT_STRSZ = 10;
    private static final long DT_SYMENT = 11;
    private static final long DT_SONAME = 14;

    /** {@code e_machine} of the platforms the native library exists for. */
    enum Machine {
        X86_64(62),
        AARCH64(183);

        private final int code;

        Machine(int code) {
            this.code = code;
        }

        /** The machine this JVM runs on, or null where it is neither. */
        static @Nullable Machine current() {
            return switch (System.getProperty("os.arch", "")) {
                case "amd64", "x86_64" -> X86_64;
                case "aarch64" -> AARCH64;
                default -> null;
            };
        }
    }

    private EmptyLibrary() {}

    /** A library that goes by the given name, so that whoever needs that name is content. */
    static byte[] named(Machine machine, String soname) {
        return write(machine, DT_SONAME, soname);
    }

    /** A library that loads exactly where the given one can be loaded. */
    static byte[] needing(Machine machine, String soname) {
        return write(machine, DT_NEEDED, soname);
    }

    private static byte[] write(Machine machine, long tag, String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        int strings = EHDR + 3 * PHDR;
        int stringsSize = text.length + 2;
        int symbols = align8(strings + stringsSize);
        int hash = symbols + SYMBOL;
        int dynamic = hash + HASH;
        int dynamicSize = 7 * DYN;
        int end = dynamic + dynamicSize;

        ByteBuffer out = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        header(out, machine);
        segment(out, PT_LOAD, 0, end, ALIGN);
        segment(out, PT_DYNAMIC, dynamic, dynamicSize, 8);
        segment(out, PT_GNU_STACK, 0, 0, 16);
        out.put((byte) 0).put(text);
        out.position(hash);
        out.putInt(1).putInt(1).putInt(0).putInt(0);
        entry(out, tag, 1);
        entry(out, DT_HASH, hash);
        entry(out, DT_STRTAB, strings);
        entry(out, DT_SYMTAB, symbols);
        entry(out, DT_STRSZ, stringsSize);
        entry(out, DT_SYMENT, SYMBOL);
        entry(out, DT_NULL, 0);
        return out.array();
    }

    private static void header(ByteBuffer out, Machine machine) {
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        out.putShort((short) 3).putShort((short) machine.code).putInt(1);
        out.putLong(0).putLong(EHDR).putLong(0).putInt(0);
        out.putShort((short) EHDR).putShort((short) PHDR).putShort((short) 3);
        out.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    }

    private static void segment(ByteBuffer out, int type, long offset, long size, long align) {
        out.putInt(type).putInt(READ_WRITE);
        out.putLong(offset).putLong(offset).putLong(offset);
        out.putLong(size).putLong(size).putLong(align);
    }

    private static void entry(ByteBuffer out, long tag, long value) {
        out.putLong(tag).putLong(value);
    }

    private static int align8(int offset) {
        return (offset + 7) & ~7;
    }
}
