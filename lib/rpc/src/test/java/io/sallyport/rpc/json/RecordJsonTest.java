package io.sallyport.rpc.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordJsonTest {
    enum Colour implements RecordJson.ProtoEnum {
        RED,
        GREEN;

        @Override
        public int number() {
            return this == RED ? 0 : 1;
        }
    }

    record Inner(@Nullable String name) {}

    record Message(
            @Nullable String text,
            int exitCode,
            long size,
            boolean on,
            byte @Nullable [] bytes,
            @Nullable Colour colour,
            @Nullable Inner inner,
            @Nullable List<Inner> list,
            @Nullable Map<String, String> map) {}

    @Test
    void writesWhatProtobufWrites() {
        var message = new Message(
                "a\"b",
                3,
                1L << 60,
                true,
                new byte[] {-1, -2, -3},
                Colour.GREEN,
                new Inner("x"),
                List.of(new Inner("y")),
                Map.of("k", "v"));
        assertEquals(
                "{\"text\":\"a\\\"b\",\"exitCode\":3,\"size\":\"1152921504606846976\",\"on\":true,\"bytes\":\"//79\","
                        + "\"colour\":\"GREEN\",\"inner\":{\"name\":\"x\"},\"list\":[{\"name\":\"y\"}],\"map\":{\"k\":\"v\"}}",
                new String(RecordJson.write(message), StandardCharsets.UTF_8));
        assertEquals(
                "{\"exitCode\":0,\"size\":\"0\",\"on\":false}",
                new String(
                        RecordJson.write(new Message(null, 0, 0, false, null, null, null, null, null)),
                        StandardCharsets.UTF_8));
    }

    @Test
    void readsBothSpellingsAndSkipsWhatItDoesNotKnow() throws Exception {
        var message = read("{\"exit_code\":7,\"unknown\":{\"deep\":[1,{}]},\"size\":5,\"text\":null,\"inner\":{}}");
        assertEquals(7, message.exitCode());
        assertEquals(5, message.size());
        assertNull(message.text());
        assertEquals(new Inner(null), message.inner());
        assertNull(message.list());
    }

    @Test
    void readsNumbersAsStringsAndEnumsAsNumbers() throws Exception {
        var message = read("{\"exitCode\":\"7\",\"size\":\"-9\",\"colour\":1}");
        assertEquals(7, message.exitCode());
        assertEquals(-9, message.size());
        assertEquals(Colour.GREEN, message.colour());
    }

    @Test
    void readsBothAlphabetsOfBase64() throws Exception {
        assertArrayEquals(new byte[] {-1, -2, -3}, read("{\"bytes\":\"//79\"}").bytes());
        assertArrayEquals(new byte[] {-1, -2, -3}, read("{\"bytes\":\"__79\"}").bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"exitCode\":\"x\"} | exitCode: x (expected: a number of type int)",
                "{\"exitCode\":3000000000} | exitCode: 3000000000 (expected: a number of type int)",
                "{\"text\":5} | text: value_number_int (expected: a string)",
                "{\"on\":\"yes\"} | on: yes (expected: true or false)",
                "{\"list\":{}} | list: start_object (expected: an array)",
                "{\"list\":[5]} | list[0]: value_number_int (expected: an object)",
                "{\"map\":{\"k\":1}} | map.k: value_number_int (expected: a string)",
                "{\"colour\":\"BLUE\"} | colour: BLUE (expected: a Colour)",
                "[] | start_array (expected: an object)",
            })
    void namesWhatDoesNotFit(String json, String message) {
        assertEquals(
                message, assertThrows(JsonException.class, () -> read(json)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}{}", "{\"a\"}", "nul", "{\"bytes\":\"*\"}", "{\"text\":\"\\ud800"})
    void refusesWhatIsNoJson(String json) {
        assertThrows(JsonException.class, () -> read(json));
    }

    @Test
    void refusesBottomlessNesting() {
        assertThrows(JsonException.class, () -> read("{\"x\":" + "[".repeat(100_000)));
    }

    private static Message read(String json) throws JsonException {
        return RecordJson.read(json.getBytes(StandardCharsets.UTF_8), Message.class);
    }
}
