package io.sallyport.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Who runs where: the subjects on one processor, load and backend together on another.
public record Processors(int subject, int load) {
    /// The first two that this process may use.
    public static Processors choose() throws IOException {
        var allowed = parse(Proc.field(ProcessHandle.current().pid(), "status", "Cpus_allowed_list"));
        if (allowed.size() < 2) {
            throw new IOException("one processor is not enough (expected: one for the subject, one for the load)");
        }
        return new Processors(allowed.get(0), allowed.get(1));
    }

    /// Reads `0-3,6`.
    static List<Integer> parse(String ranges) {
        var numbers = new ArrayList<Integer>();
        for (var range : ranges.split(",", -1)) {
            var ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /// Moves every thread of this process to the load's processor.
    public void moveHere() throws IOException {
        Tools.output(
                "taskset",
                "--all-tasks",
                "--cpu-list",
                "--pid",
                Integer.toString(load),
                Long.toString(ProcessHandle.current().pid()));
    }

    /// The command that runs a command on the subject's processor.
    public List<String> forSubject(List<String> command) {
        var pinned = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(subject)));
        pinned.addAll(command);
        return pinned;
    }

    /// Time that either was busy, with whatever.
    public double busyMs() throws IOException {
        return Proc.busyMs(subject) + Proc.busyMs(load);
    }

    @Override
    public String toString() {
        return "subject on processor " + subject + ", load and backend on processor " + load;
    }
}
