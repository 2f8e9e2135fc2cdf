package io.runnel.crypto.cipher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Poly1305 (RFC 8439 section 2.5) with limbs of 44, 44 and 42 bits. The upper part of a product is taken by
 * {@code multiplyHigh} of factors shifted left by ten each, which puts the cut at bit 44. Not thread-safe.
 */
final class Poly1305 implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK_BYTES = 16;
    private static final int SHIFT = 10;
    private static final long MASK44 = (1L << 44) - 1;
    private static final long MASK42 = (1L << 42) - 1;
    private static final long FULL_BLOCK = 1L << 40;

    private long r0;
    private long r1;
    private long r2;
    private long h0;
    private long h1;
    private long h2;
    private long padLow;
    private long padHigh;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int held;

    /**
     * Keyed for one message.
     *
     * @param key 32 bytes, not kept
     */
    Poly1305(byte[] key) {
        long low = (long) LONG.get(key, 0);
        long high = (long) LONG.get(key, 8);
        r0 = low & 0xFFC0FFFFFFFL;
        r1 = (low >>> 44 | high << 20) & 0xFFFFFC0FFFFL;
        r2 = (high >>> 24) & 0x00FFFFFFC0FL;
        padLow = (long) LONG.get(key, 16);
        padHigh = (long) LONG.get(key, 24);
    }

    void update(byte[] in, int off, int length) {
        int at = off;
        int left = length;
        if (held > 0) {
            int take = Math.min(BLOCK_BYTES - held, left);
            System.arraycopy(in, at, block, held, take);
            held += take;
            at += take;
            left -= take;
            if (held < BLOCK_BYTES) {
                return;
            }
            blocks(block, 0, 1, FULL_BLOCK);
            held = 0;
        }
        int whole = left / BLOCK_BYTES;
        blocks(in, at, whole, FULL_BLOCK);
        held = left - whole * BLOCK_BYTES;
        System.arraycopy(in, at + whole * BLOCK_BYTES, block, 0, held);
    }

    /** The tag: 16 bytes. */
    byte[] finish() {
        if (held > 0) {
            block[held] = 1;
            Arrays.fill(block, held + 1, BLOCK_BYTES, (byte) 0);
            blocks(block, 0, 1, 0);
        }
        reduce();
        long low = h0 | h1 << 44;
        long high = h1 >>> 20 | h2 << 24;
        byte[] tag = new byte[BLOCK_BYTES];
        long sum = low + padLow;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(tag, 0, sum);
        LONG.set(tag, 8, high + padHigh + carry);
        return tag;
    }

    private void blocks(byte[] in, int off, int count, long topBit) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        for (int i = 0, at = off; i < count; i++, at += BLOCK_BYTES) {
            long low = (long) LONG.get(in, at);
            long high = (long) LONG.get(in, at + 8);
            a0 += low & MASK44;
            a1 += (low >>> 44 | high << 20) & MASK44;
            a2 += high >>> 24 | topBit;
            long low0 = low44(a0, r0) + low44(a1, 20 * r2) + low44(a2, 20 * r1);
            long high0 = high44(a0, r0) + high44(a1, 20 * r2) + high44(a2, 20 * r1);
            long low1 = low44(a0, r1) + low44(a1, r0) + low44(a2, 20 * r2);
            long high1 = high44(a0, r1) + high44(a1, r0) + high44(a2, 20 * r2);
            long low2 = low44(a0, r2) + low44(a1, r1) + low44(a2, r0);
            long high2 = high44(a0, r2) + high44(a1, r1) + high44(a2, r0);
            low1 += high0 + (low0 >>> 44);
            low2 += high1 + (low1 >>> 44);
            a0 = (low0 & MASK44) + 5 * ((high2 << 2) + (low2 >>> 42));
            a1 = (low1 & MASK44) + (a0 >>> 44);
            a2 = low2 & MASK42;
            a0 &= MASK44;
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    private static long low44(long a, long b) {
        return (a * b) & MASK44;
    }

    private static long high44(long a, long b) {
        return Math.multiplyHigh(a << SHIFT, b << SHIFT);
    }

    /** Carries through, then subtracts 2^130 - 5 if that leaves no borrow; without a branch on the secret. */
    private void reduce() {
        for (int i = 0; i < 2; i++) {
            h1 += h0 >>> 44;
            h0 &= MASK44;
            h2 += h1 >>> 44;
            h1 &= MASK44;
            h0 += 5 * (h2 >>> 42);
            h2 &= MASK42;
        }
        h1 += h0 >>> 44;
        h0 &= MASK44;
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >>> 44);
        long g2 = h2 + (g1 >>> 44) - (1L << 42);
        long keep = g2 >> 63;
        h0 = (h0 & keep) | (g0 & MASK44 & ~keep);
        h1 = (h1 & keep) | (g1 & MASK44 & ~keep);
        h2 = (h2 & keep) | (g2 & MASK42 & ~keep);
    }

    /** Wipes the key and the state. Idempotent. */
    @Override
    public void close() {
        r0 = r1 = r2 = 0;
        h0 = h1 = h2 = 0;
        padLow = padHigh = 0;
        Arrays.fill(block, (byte) 0);
        held = 0;
    }
}
