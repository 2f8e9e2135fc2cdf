/**
 * How long to wait before the next attempt. Pure; not exported.
 */
package io.runnel.http.retry;
