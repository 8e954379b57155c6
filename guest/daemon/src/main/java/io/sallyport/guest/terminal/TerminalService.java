package io.sallyport.guest.terminal;

import io.sallyport.guest.Users;
import io.sallyport.guest.process.Processes;
import io.sallyport.guest.process.RunningTerminal;
import io.sallyport.rpc.Empty;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.rpc.RpcServer;
import io.sallyport.rpc.RpcServer.Call;
import io.sallyport.rpc.terminal.CreateRequest;
import io.sallyport.rpc.terminal.ListResponse;
import io.sallyport.rpc.terminal.TerminalApi;
import io.sallyport.rpc.terminal.TerminalInfo;
import java.io.IOException;

/// Opens and lists terminals.
public final class TerminalService {
    private final Processes processes;
    private final Users users;

    public TerminalService(Processes processes, Users users) {
        this.processes = processes;
        this.users = users;
    }

    public void addTo(RpcServer rpc) {
        rpc.unary(TerminalApi.CREATE, CreateRequest.class, this::create);
        rpc.unary(TerminalApi.LIST, Empty.class, (call, request) -> list());
    }

    private TerminalInfo create(Call call, CreateRequest request) throws RpcException {
        var config = request.process();
        if (config == null) {
            throw new RpcException(RpcCode.INVALID_ARGUMENT, "process: absent (expected: what to run)");
        }
        var size = RunningTerminal.valid(request.size());
        try {
            var user = users.of(call.headers());
            return processes
                    .startInTerminal(
                            config, request.tag(), size, user, call.timeout().orElse(null))
                    .info();
        } catch (IOException e) {
            throw new RpcException(RpcCode.INTERNAL, "users of this sandbox: " + e.getMessage());
        }
    }

    private ListResponse list() {
        return new ListResponse(
                processes.terminals().stream().map(RunningTerminal::info).toList());
    }
}
