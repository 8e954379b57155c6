package io.sallyport.rpc.json;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes records as JSON by the rules of protobuf's JSON mapping.
///
/// | component | JSON |
/// |---|---|
/// | `String`, `boolean`, `int`, `double` | as they are; an `int` may come as a string |
/// | `long` | a string, so that JavaScript keeps its digits; a number is accepted |
/// | `byte[]` | base64; the URL-safe alphabet is accepted |
/// | enum | its name; a number is the constant's [ProtoEnum#number()] |
/// | record, `List`, `Map<String, …>` | object, array, object |
///
/// Names are `lowerCamelCase`; `snake_case` is accepted. Unknown members are skipped. A component that is absent or
/// null in JSON is null in the record, or zero where it is primitive; its compact constructor decides what that
/// means. A null component is not written.
///
/// - **Threads**: any.
/// - **Limits**: [#DEPTH_MAX] levels of nesting; the caller limits the size.
///
/// @spec https://protobuf.dev/programming-guides/json/ ProtoJSON
public final class RecordJson {
    private static final int DEPTH_MAX = 64;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private RecordJson() {}

    /// An enum whose constants have protobuf numbers.
    public interface ProtoEnum {
        int number();
    }

    public static byte[] write(Record message) {
        var bytes = new ByteArrayOutputStream(128);
        try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writeValue(json, message);
        }
        return bytes.toByteArray();
    }

    /// Writes an array of objects.
    public static byte[] writeList(List<? extends Record> messages) {
        var bytes = new ByteArrayOutputStream(128);
        try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writeValue(json, messages);
        }
        return bytes.toByteArray();
    }

    public static <T extends Record> T read(byte[] json, Class<T> type) throws JsonException {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            T message = readRecord(parser, type, "");
            if (parser.nextToken() != null) {
                throw new JsonException("there is more behind the JSON object");
            }
            return message;
        } catch (JacksonException e) {
            throw new JsonException("not JSON: " + e.getOriginalMessage());
        }
    }

    /// Reads a JSON array of objects.
    public static <T extends Record> List<T> readList(byte[] json, Class<T> type) throws JsonException {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            expect(parser.nextToken(), JsonToken.START_ARRAY, "", "an array");
            var elements = new ArrayList<T>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(readRecord(parser, type, "[" + elements.size() + "]"));
            }
            return elements;
        } catch (JacksonException e) {
            throw new JsonException("not JSON: " + e.getOriginalMessage());
        }
    }

    private static void writeValue(JsonGenerator json, Object value) {
        switch (value) {
            case String s -> json.writeString(s);
            case Boolean b -> json.writeBoolean(b);
            case Integer i -> json.writeNumber(i);
            case Double d -> json.writeNumber(d);
            case Long l -> json.writeString(Long.toString(l));
            case byte[] b -> json.writeString(Base64.getEncoder().encodeToString(b));
            case Enum<?> e -> json.writeString(e.name());
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(element -> writeValue(json, element));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, element) -> {
                    json.writeName((String) key);
                    writeValue(json, element);
                });
                json.writeEndObject();
            }
            case Record r -> writeRecord(json, r);
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
        }
    }

    private static void writeRecord(JsonGenerator json, Record message) {
        json.writeStartObject();
        for (var member : Shape.of(message.getClass()).members()) {
            var value = member.valueIn(message);
            if (value != null) {
                json.writeName(member.name());
                writeValue(json, value);
            }
        }
        json.writeEndObject();
    }

    private static <T> T readRecord(JsonParser json, Class<T> type, String path) throws JsonException {
        expect(json.currentToken(), JsonToken.START_OBJECT, path, "an object");
        var shape = Shape.of(type);
        var values = new @Nullable Object[shape.members().size()];
        while (json.nextToken() != JsonToken.END_OBJECT) {
            int index = shape.index(json.currentName());
            json.nextToken();
            if (index < 0) {
                json.skipChildren();
            } else if (json.currentToken() != JsonToken.VALUE_NULL) {
                var member = shape.members().get(index);
                var name = path.isEmpty() ? member.name() : path + "." + member.name();
                values[index] = readValue(json, member.type(), name);
            }
        }
        try {
            return type.cast(shape.create(values));
        } catch (IllegalArgumentException e) {
            throw new JsonException(String.valueOf(e.getMessage()));
        }
    }

    private static Object readValue(JsonParser json, Type type, String path) throws JsonException {
        var token = json.currentToken();
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? readElements(json, arguments[0], path)
                    : readEntries(json, arguments[1], path);
        }
        if (type == String.class) {
            expect(token, JsonToken.VALUE_STRING, path, "a string");
            return json.getString();
        }
        if (type == boolean.class || type == Boolean.class) {
            if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                throw new JsonException(path + ": " + json.getString() + " (expected: true or false)");
            }
            return token == JsonToken.VALUE_TRUE;
        }
        if (type == byte[].class) {
            expect(token, JsonToken.VALUE_STRING, path, "base64");
            return readBase64(json.getString(), path);
        }
        if (type instanceof Class<?> c && c.isEnum()) {
            return readEnum(json, c, path);
        }
        if (type instanceof Class<?> c && c.isRecord()) {
            return readRecord(json, c, path);
        }
        return readNumber(json, type, path);
    }

    private static Object readNumber(JsonParser json, Type type, String path) throws JsonException {
        var text = json.getString();
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.parseInt(text);
            }
            if (type == long.class || type == Long.class) {
                return Long.parseLong(text);
            }
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new JsonException(path + ": " + text + " (expected: a number of type " + type.getTypeName() + ")");
        }
    }

    private static byte[] readBase64(String text, String path) throws JsonException {
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw new JsonException(path + ": not base64 (" + e.getMessage() + ")");
        }
    }

    private static Object readEnum(JsonParser json, Class<?> type, String path) throws JsonException {
        var text = json.getString();
        for (var constant : type.getEnumConstants()) {
            boolean byNumber = constant instanceof ProtoEnum e
                    && Integer.toString(e.number()).equals(text);
            if (((Enum<?>) constant).name().equals(text) || byNumber) {
                return constant;
            }
        }
        throw new JsonException(path + ": " + text + " (expected: a " + type.getSimpleName() + ")");
    }

    private static List<Object> readElements(JsonParser json, Type type, String path) throws JsonException {
        expect(json.currentToken(), JsonToken.START_ARRAY, path, "an array");
        var elements = new ArrayList<Object>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(readValue(json, type, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private static Map<String, Object> readEntries(JsonParser json, Type type, String path) throws JsonException {
        expect(json.currentToken(), JsonToken.START_OBJECT, path, "an object");
        var entries = new LinkedHashMap<String, Object>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var key = json.currentName();
            json.nextToken();
            entries.put(key, readValue(json, type, path + "." + key));
        }
        return entries;
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected, String path, String what)
            throws JsonException {
        if (token != expected) {
            var found = token == null ? "nothing" : token.name().toLowerCase(Locale.ROOT);
            throw new JsonException((path.isEmpty() ? "" : path + ": ") + found + " (expected: " + what + ")");
        }
    }

    /// What reflection knows of a record type, looked up once.
    private record Shape(List<Member> members, Constructor<?> constructor) {
        private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
            @Override
            protected Shape computeValue(Class<?> type) {
                return describe(type);
            }
        };

        static Shape of(Class<?> type) {
            return SHAPES.get(type);
        }

        private static Shape describe(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            var members = new ArrayList<Member>();
            var types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                components[i].getAccessor().setAccessible(true);
                members.add(new Member(components[i].getName(), components[i].getGenericType(), components[i]));
            }
            try {
                var constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return new Shape(List.copyOf(members), constructor);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("a record without its canonical constructor: " + type, e);
            }
        }

        int index(String name) {
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).answersTo(name)) {
                    return i;
                }
            }
            return -1;
        }

        Object create(@Nullable Object[] values) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    values[i] = zero(members.get(i).type());
                }
            }
            try {
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static @Nullable Object zero(Type type) {
            if (type == int.class) {
                return 0;
            }
            if (type == long.class) {
                return 0L;
            }
            if (type == double.class) {
                return 0.0;
            }
            return type == boolean.class ? Boolean.FALSE : null;
        }
    }

    private record Member(String name, Type type, RecordComponent component) {
        @Nullable
        Object valueIn(Record message) {
            try {
                return component.getAccessor().invoke(message);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Compares without underscores, so `exit_code` is `exitCode`.
        boolean answersTo(String given) {
            return name.equals(given) || (given.indexOf('_') > 0 && name.equalsIgnoreCase(given.replace("_", "")));
        }
    }
}
