package io.runnel.cli;

import java.util.regex.Pattern;

/** Makes text fit for a terminal: names of files and blobs may hold anything, escape sequences too. */
final class Printable {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private Printable() {}

    /** The text with each control character shown as a question mark. */
    static String line(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }
}
