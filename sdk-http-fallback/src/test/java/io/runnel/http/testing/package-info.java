/** What several packages' tests share: a test authority, scripted servers. */
package io.runnel.http.testing;
