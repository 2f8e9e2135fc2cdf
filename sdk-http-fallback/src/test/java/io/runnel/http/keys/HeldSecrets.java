package io.runnel.http.keys;

import io.runnel.crypto.SecretBytes;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the secrets that an object holds, however deep in objects of ours: nothing of ours shows them otherwise. */
final class HeldSecrets {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<SecretBytes> found = new ArrayList<>();

    private HeldSecrets() {}

    /** @param except is not looked into */
    static List<SecretBytes> of(Object holder, Object except) throws IllegalAccessException {
        HeldSecrets search = new HeldSecrets();
        search.seen.add(except);
        search.look(holder);
        return search.found;
    }

    private void look(@Nullable Object at) throws IllegalAccessException {
        if (at == null || !seen.add(at)) {
            return;
        }
        if (at instanceof SecretBytes secret) {
            found.add(secret);
        } else if (at instanceof Map<?, ?> map) {
            for (Object value : map.values()) {
                look(value);
            }
        } else if (at.getClass().getName().startsWith("io.runnel.")) {
            for (Field field : at.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    look(field.get(at));
                }
            }
        }
    }
}
