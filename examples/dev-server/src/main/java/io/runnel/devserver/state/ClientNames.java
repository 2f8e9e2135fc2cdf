package io.runnel.devserver.state;

/** What a client may be called. */
public final class ClientNames {
    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 128;

    private ClientNames() {}

    /** Whether the name is 1 to {@link #MAX_LENGTH} characters of {@code A-Z a-z 0-9 . _ -}. */
    public static boolean valid(String name) {
        return !name.isEmpty() && name.length() <= MAX_LENGTH && name.chars().allMatch(ClientNames::allowed);
    }

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException if it is not {@link #valid}
     */
    public static String check(String name) {
        if (!valid(name)) {
            throw new IllegalArgumentException("client: must be 1 to 128 characters of A-Z a-z 0-9 . _ -");
        }
        return name;
    }

    private static boolean allowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
