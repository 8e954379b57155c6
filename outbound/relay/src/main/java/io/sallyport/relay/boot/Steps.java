package io.sallyport.relay.boot;

import io.sallyport.relay.boot.RelayStatus.Outcome;
import io.sallyport.relay.boot.RelayStatus.StepResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Runs the steps of one start and remembers how each ended.
///
/// - **Threads**: one runs steps; any reads results.
final class Steps {
    private final List<StepResult> results = new CopyOnWriteArrayList<>();
    private final Consumer<Step> before;

    /// @param before called before each step; what it throws is the step's failure
    Steps(Consumer<Step> before) {
        this.before = before;
    }

    interface Work<T> {
        T run() throws IOException;
    }

    /// What a step that is not essential has to say.
    record Note(Outcome outcome, String detail) {
        static final Note OK = new Note(Outcome.OK, "");
        static final Note SKIPPED = new Note(Outcome.SKIPPED, "");

        static Note failed(String detail) {
            return new Note(Outcome.FAILED, detail);
        }
    }

    /// Runs a step without which there is no relay.
    <T> T run(Step step, Work<T> work) throws FailedException {
        long start = System.nanoTime();
        try {
            before.accept(step);
            var result = work.run();
            add(step, Note.OK, start);
            return result;
        } catch (IOException | RuntimeException e) {
            var detail = String.valueOf(e.getMessage());
            add(step, Note.failed(detail), start);
            throw new FailedException(step, detail, e);
        }
    }

    /// Runs a step that may fail; what it throws still ends the start.
    void note(Step step, Work<Note> work) throws FailedException {
        long start = System.nanoTime();
        try {
            before.accept(step);
            add(step, work.run(), start);
        } catch (IOException | RuntimeException e) {
            var detail = String.valueOf(e.getMessage());
            add(step, Note.failed(detail), start);
            throw new FailedException(step, detail, e);
        }
    }

    private void add(Step step, Note note, long startNanos) {
        long ms = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        results.add(new StepResult(step.id(), note.outcome().name().toLowerCase(Locale.ROOT), note.detail(), ms));
    }

    List<StepResult> results() {
        return List.copyOf(results);
    }

    /// A step failed, and the start with it.
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Step step;
        private final String detail;

        FailedException(Step step, String detail, Exception cause) {
            super(step.id() + ": " + detail, cause);
            this.step = step;
            this.detail = detail;
        }

        Step step() {
            return step;
        }

        String detail() {
            return detail;
        }
    }
}
