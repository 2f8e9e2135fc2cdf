/** What the operator may ask of a running server. Behind the admin token, which is in {@code server.json} (0600). */
package io.runnel.devserver.admin;
