package io.sallyport.egress.tunnel;

import io.sallyport.egress.audit.AuditException;
import io.sallyport.egress.audit.AuditLog;
import io.sallyport.egress.audit.Draft;
import io.sallyport.egress.intercept.RefusedException;
import io.sallyport.egress.session.Outlet;
import io.sallyport.egress.session.Sessions;
import io.sallyport.egress.tunnel.Carrier.Carried;
import io.sallyport.egress.tunnel.Carrier.Job;
import io.sallyport.kit.Deadline;
import io.sallyport.rpc.egress.EgressReason;
import io.sallyport.wire.net.Connection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// A tunnel from its head to its end.
///
/// ```
///   head ─▶ authenticated ─▶ registered ─▶ Router ─▶ written down ─▶ 200 ─▶ Carrier ─▶ written down
///             └─ 407            │            └──────── refused, written down ◀── a reason
///                               └ from here on a change of the policy cuts it
/// ```
///
/// - **Threads**: each tunnel on its own.
/// - **Errors**: until the 200 an answer with the reason; from then on the connection is cut.
final class Connector {
    private static final Logger LOG = System.getLogger(Connector.class.getName());
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final Router router;
    private final Carrier carrier;
    private final Canary canary;
    private final AuditLog audit;

    Connector(Sessions sessions, Router router, Carrier carrier, Canary canary, AuditLog audit) {
        this.sessions = sessions;
        this.router = router;
        this.carrier = carrier;
        this.canary = canary;
        this.audit = audit;
    }

    /// Runs a tunnel whose head was read, and closes the client.
    void run(Outlet outlet, Connection client, ConnectHead head) {
        try {
            var known = sessions.require(outlet.sandbox());
            boolean authentic = head.credentials()
                    .filter(given -> given.user().equals(outlet.sandbox().text()) && known.isToken(given.token()))
                    .isPresent();
            if (!authentic) {
                throw new RefusedException(EgressReason.UNAUTHENTICATED, "");
            }
            registered(outlet, client, head, known.session().tokenHash());
        } catch (RefusedException e) {
            refuse(outlet, client, head, new Trail(head.scheme().orElse("")), e);
        }
    }

    private void registered(Outlet outlet, Connection client, ConnectHead head, String tokenHash) {
        var trail = new Trail(head.scheme().orElse(Scheme.HTTPS));
        var tunnel = outlet.open(head.destination(), tokenHash, trail.scheme);
        try {
            if (Canary.isOne(head.destination())) {
                canary(outlet, client, head, trail);
            } else {
                var route = router.route(outlet, tunnel, head.scheme(), trail);
                establish(client, allowed(outlet, head, trail));
                tunnel.attach(client); // not before: until now there is a word for why it may not go on
                carry(new Job(outlet, tunnel, head, route, trail), client);
            }
        } catch (RefusedException e) {
            refuse(
                    outlet,
                    client,
                    head,
                    trail,
                    tunnel.wasCut().map(cut -> new RefusedException(cut, "")).orElse(e));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client left before its tunnel was there: {0}", e.toString());
        } finally {
            outlet.close(tunnel);
            tunnel.cut(EgressReason.UPSTREAM_BROKEN); // closes what is left; the reason is nobody's any more
            client.close();
        }
    }

    private Draft allowed(Outlet outlet, ConnectHead head, Trail trail) {
        return about(Draft.connect(outlet.sandbox()), head, trail).allowed(trail.rule);
    }

    private static Draft about(Draft draft, ConnectHead head, Trail trail) {
        var to = head.destination();
        return draft.target(trail.scheme, to.host().text(), to.port())
                .address(trail.address)
                .trace(head.trace());
    }

    /// The one answer behind which the client speaks with the host; not before it is written down.
    private void establish(Connection client, Draft decision) throws IOException {
        append(decision);
        byte[] established = Answer.established();
        client.write(established, 0, established.length);
    }

    private void append(Draft draft) throws RefusedException {
        try {
            audit.append(draft);
        } catch (AuditException e) {
            throw new RefusedException(EgressReason.AUDIT_UNAVAILABLE, "");
        }
    }

    private void canary(Outlet outlet, Connection client, ConnectHead head, Trail trail) throws IOException {
        trail.rule = Draft.CANARY;
        Canary.decide(head.destination());
        var permitted = sessions.require(outlet.sandbox()).permitted();
        establish(client, allowed(outlet, head, trail));
        try {
            canary.serve(client, outlet.sandbox(), permitted, head.destination());
        } catch (RefusedException e) {
            throw new IOException(e); // is never answered behind the 200
        }
    }

    /// Behind the 200.
    private void carry(Job job, Connection client) {
        var carried = Carried.NOTHING;
        var refused = Optional.<RefusedException>empty();
        try {
            carried = carrier.carry(job, client);
        } catch (RefusedException e) {
            refused = Optional.of(e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a tunnel broke: {0}", e.toString());
        }
        var cut = job.tunnel().wasCut();
        var why = cut.isPresent() ? cut : refused.map(RefusedException::reason);
        var to = job.head().destination();
        var draft = about(Draft.end(job.outlet().sandbox()), job.head(), job.trail())
                .bytes(carried.outBytes(), carried.inBytes());
        if (why.isPresent()) {
            var rule =
                    cut.isPresent() ? "" : refused.map(RefusedException::detail).orElse("");
            job.outlet().refused(why.get(), to.host().text(), to.port(), rule);
            draft.refused(why.get(), rule);
        } else {
            draft.allowed(job.trail().rule);
        }
        client.close();
        audit.ended(draft);
    }

    /// Writes a refusal down and says it, as long as nothing was said.
    private void refuse(Outlet outlet, Connection client, ConnectHead head, Trail trail, RefusedException refused) {
        var to = head.destination();
        var why = refused.reason();
        var rule = Trail.rule(trail.rule, refused.detail());
        outlet.refused(why, to.host().text(), to.port(), rule);
        audit.note(about(Draft.connect(outlet.sandbox()), head, trail)
                .refused(why, rule)
                .status(why.status()));
        answer(client, why);
    }

    /// Answers with a reason and closes.
    static void answer(Connection client, EgressReason why) {
        try {
            client.deadline(Deadline.after(ANSWER_WAIT));
            byte[] answer = Answer.refusal(why);
            client.write(answer, 0, answer.length);
            client.shutdownOutput();
            var scrap = new byte[1 << 10];
            while (client.read(scrap, 0, scrap.length) >= 0) {
                // Closing on unread bytes would lose the answer; bounded by the deadline.
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "nobody to tell: {0}", e.toString());
        } finally {
            client.close();
        }
    }
}
