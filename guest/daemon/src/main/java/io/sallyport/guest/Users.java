package io.sallyport.guest;

import io.sallyport.guest.boot.Accounts;
import io.sallyport.guest.boot.Accounts.Account;
import io.sallyport.rpc.RpcCode;
import io.sallyport.rpc.RpcException;
import io.sallyport.wire.http1.Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Who a request acts as, and what its paths mean then.
public final class Users {
    private final Accounts accounts;
    private final Session session;

    Users(Accounts accounts, Session session) {
        this.accounts = accounts;
        this.session = session;
    }

    /// The user of that name, or the session's default user where `name` is empty.
    public Optional<Account> find(String name) throws IOException {
        return accounts.find(nameOrDefault(name));
    }

    /// Who a call acts as: the user it names, or the session's default user.
    public Account of(Headers headers) throws RpcException, IOException {
        var name = BasicUser.of(headers);
        return find(name)
                .orElseThrow(() ->
                        new RpcException(RpcCode.UNAUTHENTICATED, "invalid username: '" + nameOrDefault(name) + "'"));
    }

    public String nameOrDefault(String name) {
        return name.isEmpty() ? session.current().defaultUser() : name;
    }

    /// An absolute path: `~` and relative ones start at the home directory, empty is the session's working
    /// directory.
    public Path resolve(String path, Account user) {
        var workdir = session.current().defaultWorkdir();
        return user.resolve(path, workdir.isEmpty() ? user.home() : Path.of(workdir))
                .normalize();
    }
}
