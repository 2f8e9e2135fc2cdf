/**
 * Text websockets over reactor-netty, and the bounds on them. No Reactor or Netty type passes from here to the keys and
 * tracker packages.
 *
 * <p>Start with {@link io.runnel.devserver.web.TextSockets}.
 */
package io.runnel.devserver.web;
