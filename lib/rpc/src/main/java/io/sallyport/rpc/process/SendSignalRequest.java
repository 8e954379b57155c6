package io.sallyport.rpc.process;

import io.sallyport.rpc.json.RecordJson.ProtoEnum;
import org.jspecify.annotations.Nullable;

/// Signals a process and the processes of its group.
public record SendSignalRequest(
        @Nullable ProcessSelector process, @Nullable Signal signal) {
    /// The signals that can be sent. E2B knows KILL and TERM; HUP and INT are ours, for Ctrl-C.
    public enum Signal implements ProtoEnum {
        SIGNAL_UNSPECIFIED(0),
        SIGNAL_SIGHUP(1),
        SIGNAL_SIGINT(2),
        SIGNAL_SIGKILL(9),
        SIGNAL_SIGTERM(15);

        private final int number;

        Signal(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }
}
