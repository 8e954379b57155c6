package io.sallyport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel knows of a process.
public final class Proc {
    private static final double TICKS_PER_MS = 0.1; // of /proc/PID/stat and /proc/stat
    private static final int[] BUSY_FIELDS = {1, 2, 3, 6, 7, 8}; // user, nice, system, irq, softirq, steal

    private Proc() {}

    /// Processor time of a process and of its children that have ended.
    public static double cpuMs(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) { // utime, stime, cutime, cstime
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_MS;
    }

    /// Time that the processor was busy, with whatever.
    public static double busyMs(int processor) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/stat"))) {
            var fields = line.split(" +", -1);
            if (fields[0].equals("cpu" + processor)) {
                long ticks = 0;
                for (int i : BUSY_FIELDS) {
                    ticks += Long.parseLong(fields[i]);
                }
                return ticks / TICKS_PER_MS;
            }
        }
        throw new IOException("no processor " + processor);
    }

    /// A size that a file of `/proc/PID` states in kB.
    public static double memoryMiB(long pid, String file, String field) throws IOException {
        return Long.parseLong(field(pid, file, field).replaceAll("[^0-9]", "")) / 1024.0;
    }

    /// The value behind `field:` in a file of `/proc/PID`.
    public static String field(long pid, String file, String field) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/" + file))) {
            if (line.startsWith(field + ":")) {
                return line.substring(field.length() + 1).strip();
            }
        }
        throw new IOException("no " + field + " of " + pid);
    }
}
