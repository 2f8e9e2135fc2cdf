/**
 * What becomes of failures of code the app gave.
 *
 * <p>Start with {@link io.runnel.http.app.AppFault}. Invariant: no text of the app's reaches the log. Not exported.
 */
package io.runnel.http.app;
