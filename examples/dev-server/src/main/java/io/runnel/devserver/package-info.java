/**
 * The dev server: origin, app server and tracker in one process, and the ingest that publishes files to it.
 *
 * <p>Start with {@link io.runnel.devserver.DevServer}; {@link io.runnel.devserver.Ingest}, {@link
 * io.runnel.devserver.Catalog} and {@link io.runnel.devserver.AdminClient} work on the same state folder from other
 * processes. It is for development: it is not hardened for the public internet, and its keys are plain files.
 */
package io.runnel.devserver;
