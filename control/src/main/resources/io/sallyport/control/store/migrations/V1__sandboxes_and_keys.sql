-- Who may do what. A key is stored as the SHA-256 of its secret and never otherwise.
CREATE TABLE teams (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name       text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id    uuid NOT NULL REFERENCES teams (id),
    hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- A row stays after its sandbox has ended, so that its address can say what became of it.
CREATE TABLE sandboxes (
    id         text PRIMARY KEY,
    team_id    uuid NOT NULL REFERENCES teams (id),
    template   text NOT NULL,
    state      text NOT NULL,
    metadata   jsonb NOT NULL,
    auto_pause boolean NOT NULL,
    cpus       integer NOT NULL,
    memory_mib integer NOT NULL,
    started_at timestamptz NOT NULL,
    end_at     timestamptz NOT NULL
);

CREATE INDEX sandboxes_listed ON sandboxes (team_id, started_at, id) WHERE state <> 'KILLED';
CREATE INDEX sandboxes_expiring ON sandboxes (end_at) WHERE state = 'RUNNING';
