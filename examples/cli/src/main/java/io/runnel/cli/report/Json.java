package io.runnel.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON mapper of the command: records in, their component names out, nothing for an absent value. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(rule -> rule.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    /** The value on one line. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * The value that one line holds.
     *
     * @throws tools.jackson.core.JacksonException if it holds anything else
     */
    public static <T> T read(String line, Class<T> type) {
        return MAPPER.readValue(line, type);
    }
}
