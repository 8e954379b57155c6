package io.sallyport.guest.process;

import io.sallyport.guest.process.Posix.Exited;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.process.ProcessConfig;
import io.sallyport.rpc.process.StartResponse;
import io.sallyport.rpc.terminal.Size;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A command that was started, with pipes or with a terminal.
sealed interface Running permits RunningProcess, RunningTerminal {
    int pid();

    ProcessConfig config();

    @Nullable
    String tag();

    boolean ended();

    /// Called once, when the process has ended; must not block.
    void exited(Exited how);

    /// Somebody is sending it a signal.
    void markSignalled();

    /// Takes over the timer that kills the process; it is cancelled when the process has ended.
    void endsBy(Future<?> killer);

    /// Follows from now on. A process that has ended gives its end at once.
    Follower follow();

    void writeStdin(byte[] bytes) throws RpcException;

    void closeStdin() throws RpcException;

    void writePty(byte[] bytes) throws RpcException;

    void resize(Size size) throws RpcException;

    /// One that follows the events. Closing it ends the following and nothing else.
    interface Follower extends AutoCloseable {
        int pid();

        /// The next event, or null when `wait` is over.
        @Nullable
        StartResponse next(Duration wait);

        @Override
        void close();
    }
}
