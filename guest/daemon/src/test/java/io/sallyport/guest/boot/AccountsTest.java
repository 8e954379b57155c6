package io.sallyport.guest.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.guest.boot.Accounts.Account;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AccountsTest {
    private static final List<String> PASSWD = List.of(
            "root:x:0:0:root:/root:/bin/bash",
            "broken",
            "odd:x:one:two::/:/bin/sh",
            "user:x:1000:1000::/home/user:/bin/bash",
            "user:x:1:1::/late:/bin/bash");
    private static final List<String> GROUP =
            List.of("root:x:0:", "sudo:x:27:other,user", "user:x:1000:user", "users:x:100:superuser", "bad:x:z:user");

    @Test
    void readsUsersWithTheirGroups() {
        assertEquals(
                new Account("user", 1000, 1000, List.of(1000, 27), Path.of("/home/user")),
                Accounts.find("user", PASSWD, GROUP).orElseThrow());
        assertEquals(
                List.of(0), Accounts.find("root", PASSWD, GROUP).orElseThrow().groups());
    }

    @Test
    void findsNobodyInBrokenLines() {
        assertTrue(Accounts.find("odd", PASSWD, GROUP).isEmpty());
        assertTrue(Accounts.find("broken", PASSWD, GROUP).isEmpty());
        assertTrue(Accounts.find("", PASSWD, GROUP).isEmpty());
    }

    @Test
    void takesTheFirstFreeId() {
        assertEquals(1001, Prepare.freeId(PASSWD, GROUP));
        assertEquals(1000, Prepare.freeId(List.of(), List.of()));
        assertEquals(1002, Prepare.freeId(List.of("a:x:1000:1000::/:"), List.of("b:x:1001:")));
    }

    @Test
    void resolvesPathsAsTheUserMeansThem() {
        var user = Accounts.find("user", PASSWD, GROUP).orElseThrow();
        var base = Path.of("/work");
        assertEquals(base, user.resolve("", base));
        assertEquals(Path.of("/home/user"), user.resolve("~", base));
        assertEquals(Path.of("/home/user/a b"), user.resolve("~/a b", base));
        assertEquals(Path.of("/home/user/x"), user.resolve("x", base));
        assertEquals(Path.of("/etc/x"), user.resolve("/etc/x", base));
    }
}
