package io.sallyport.relay.transparent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Questions as a client writes them.
final class Dns {
    static final int ID = 0xbeef;

    private Dns() {}

    static byte[] question(String name, int type, boolean extended) {
        var out = new ByteArrayOutputStream();
        for (int value : new int[] {ID, 0x0100, 1, 0, 0, extended ? 1 : 0}) {
            u16(out, value);
        }
        for (var label : name.split("\\.", -1)) {
            if (!label.isEmpty()) {
                var bytes = label.getBytes(StandardCharsets.ISO_8859_1);
                out.write(bytes.length);
                out.writeBytes(bytes);
            }
        }
        out.write(0);
        u16(out, type);
        u16(out, 1);
        if (extended) {
            out.write(0);
            for (int value : new int[] {41, 1232, 0, 0, 12, 10, 8, 1, 2, 3, 4}) { // with a cookie
                u16(out, value);
            }
        }
        return out.toByteArray();
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    static int id(byte[] answer) {
        return u16(answer, 0);
    }

    static int rcode(byte[] answer) {
        return answer[3] & 0xf;
    }

    static int answers(byte[] answer) {
        return u16(answer, 6);
    }

    static int additionals(byte[] answer) {
        return u16(answer, 10);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
