/** The dev server's certificate authority. Not for anything but development: the authority's key is a plain file. */
package io.runnel.devserver.tls;
