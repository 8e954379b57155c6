-- Who may reach what outside. Sandboxes from before this have no door in their namespace, so their policy says what is
-- true: none. Every insert says a policy of its own.
ALTER TABLE sandboxes ADD COLUMN egress_policy jsonb NOT NULL DEFAULT '{"mode":"none"}';
-- The same in the words of the e2b client, where that is how it was said.
ALTER TABLE sandboxes ADD COLUMN egress_network jsonb;
-- Whether it was made with a door; that does not change.
ALTER TABLE sandboxes ADD COLUMN egress_door boolean NOT NULL DEFAULT false;
-- Grows when the session token is replaced.
ALTER TABLE sandboxes ADD COLUMN egress_epoch bigint NOT NULL DEFAULT 1;
-- Grows with every change of the policy.
ALTER TABLE sandboxes ADD COLUMN egress_generation bigint NOT NULL DEFAULT 1;

-- Values are sealed with a key that is not in the database.
CREATE TABLE egress_secrets (
    team_id     uuid NOT NULL REFERENCES teams (id),
    name        text NOT NULL,
    sealed      bytea NOT NULL,
    placeholder text NOT NULL,
    host        text NOT NULL,
    scheme      text NOT NULL,
    port        integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, name)
);

CREATE TRIGGER sandboxes_egress_told AFTER UPDATE OF egress_policy, egress_epoch ON sandboxes
    FOR EACH ROW EXECUTE FUNCTION tell_sandbox();

-- Only whose secrets they are: nobody else's sandboxes have to be looked at again.
CREATE FUNCTION tell_secrets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('sallyport', 'secrets ' || OLD.team_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('sallyport', 'secrets ' || NEW.team_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER egress_secrets_told AFTER INSERT OR UPDATE OR DELETE ON egress_secrets
    FOR EACH ROW EXECUTE FUNCTION tell_secrets();
