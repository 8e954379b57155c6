-- Who may reach what from outside, and the news of it.
ALTER TABLE teams ADD COLUMN operator boolean NOT NULL DEFAULT false;
UPDATE teams SET operator = true WHERE name = 'default';

ALTER TABLE api_keys ADD COLUMN name text NOT NULL DEFAULT '';

-- Empty: the agent in the control plane's own process.
ALTER TABLE sandboxes ADD COLUMN host text NOT NULL DEFAULT '';
ALTER TABLE sandboxes ADD COLUMN is_public boolean NOT NULL DEFAULT true;
ALTER TABLE sandboxes ADD COLUMN mask_host text NOT NULL DEFAULT '';
ALTER TABLE sandboxes ADD COLUMN active_at timestamptz;

-- What is special about a port, and what was seen of it.
CREATE TABLE sandbox_ports (
    sandbox_id   text NOT NULL REFERENCES sandboxes (id),
    port         integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    visibility   text,
    profile      jsonb,
    exchanges    bigint NOT NULL DEFAULT 0,
    failed       bigint NOT NULL DEFAULT 0,
    last_outcome text NOT NULL DEFAULT '',
    active_at    timestamptz,
    PRIMARY KEY (sandbox_id, port)
);

CREATE TABLE share_links (
    id         text PRIMARY KEY,
    sandbox_id text NOT NULL REFERENCES sandboxes (id),
    port       integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX share_links_listed ON share_links (sandbox_id);

-- Every change of a route is told at its commit, whoever makes it.
CREATE FUNCTION tell_sandbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sallyport', 'sandbox ' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER sandboxes_told AFTER INSERT OR UPDATE OF state, host, is_public, mask_host ON sandboxes
    FOR EACH ROW EXECUTE FUNCTION tell_sandbox();

CREATE FUNCTION tell_port() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sallyport', 'sandbox ' || NEW.sandbox_id);
    RETURN NULL;
END $$;
CREATE TRIGGER sandbox_ports_made AFTER INSERT ON sandbox_ports
    FOR EACH ROW WHEN (NEW.visibility IS NOT NULL OR NEW.profile IS NOT NULL) EXECUTE FUNCTION tell_port();
CREATE TRIGGER sandbox_ports_told AFTER UPDATE OF visibility, profile ON sandbox_ports
    FOR EACH ROW EXECUTE FUNCTION tell_port();

CREATE FUNCTION tell_credentials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sallyport', 'credentials');
    RETURN NULL;
END $$;
CREATE TRIGGER api_keys_told AFTER INSERT OR UPDATE OF revoked_at ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION tell_credentials();
CREATE TRIGGER share_links_told AFTER UPDATE OF revoked_at ON share_links
    FOR EACH STATEMENT EXECUTE FUNCTION tell_credentials();
