/**
 * Looks host names up with the JDK, away from the event loops. Not exported.
 */
package io.runnel.http.dns;
