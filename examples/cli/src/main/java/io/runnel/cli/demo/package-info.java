/**
 * The demonstration: a server, seeders and viewers in processes of their own, and three acts. Start reading at
 * {@link io.runnel.cli.demo.Demo}.
 *
 * <p>Each act returns a record of what it saw and never decides whether that is right: {@link
 * io.runnel.cli.demo.DemoReport} does.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.demo;
