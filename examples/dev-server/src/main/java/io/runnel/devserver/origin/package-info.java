/**
 * The origin: immutable files over HTTPS with byte ranges (RFC 9110 sections 13 and 14).
 *
 * <p>Start with {@link io.runnel.devserver.origin.OriginRoute}. It sees ciphertext and outboards only, never the catalog
 * or a key.
 */
package io.runnel.devserver.origin;
