-- People who sign in: passwords, sessions, one-time links, and how often somebody failed.
ALTER TABLE users
    ADD COLUMN language text CHECK (language IN ('en', 'da')), -- null: the browser's
    ADD COLUMN last_signed_in_at timestamptz;

-- Apart from users, so that no query about people ever carries a hash.
CREATE TABLE passwords (
    user_id bigint PRIMARY KEY REFERENCES users (id),
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    hash text NOT NULL, -- argon2id with its parameters and salt (PHC string format)
    changed_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    user_id bigint NOT NULL REFERENCES users (id),
    secret_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    address text NOT NULL,
    user_agent text NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_idle ON sessions (last_seen_at);

CREATE TABLE one_time_links (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    purpose text NOT NULL CHECK (purpose IN ('first_owner', 'invitation', 'sign_in', 'password_reset')),
    user_id bigint REFERENCES users (id), -- null: somebody who is not a user yet
    email text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'builder', 'operator', 'viewer')),
    secret_hash bytea NOT NULL UNIQUE,
    created_by text NOT NULL, -- for people: who issued it
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    redeemed_at timestamptz,
    withdrawn_at timestamptz
);
-- The open ones of a purpose, newest first: the list of invitations, and what a redemption makes void.
CREATE INDEX one_time_links_open ON one_time_links (workspace_id, purpose, id DESC)
    WHERE redeemed_at IS NULL AND withdrawn_at IS NULL;

-- A row for each account and address that failed lately; the subject is a hash, so that no list of addresses grows here.
CREATE TABLE sign_in_failures (
    subject bytea PRIMARY KEY,
    failures integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_old ON sign_in_failures (last_failed_at);

-- From where (security R34), and what the screen of the log filters by.
ALTER TABLE audit_log ADD COLUMN address text NOT NULL DEFAULT '';
CREATE INDEX audit_log_by_action ON audit_log (workspace_id, action, id DESC);
CREATE INDEX audit_log_by_actor ON audit_log (workspace_id, actor_type, actor_id, id DESC);
