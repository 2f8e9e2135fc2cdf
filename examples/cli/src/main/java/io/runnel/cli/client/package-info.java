/**
 * The SDK as an app uses it: a client built from what the user says about the server, downloading and seeding. Start
 * reading at {@link io.runnel.cli.client.Session}; it shows an integrator which parts an app puts together.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.client;
