-- A hash is the SHA-256 of a secret that the client holds, in hexadecimal digits. So nobody can sign in with what is
-- read from the catalog file.

CREATE TABLE projects (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    description TEXT    NOT NULL,
    is_enabled  INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id              TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    description     TEXT    NOT NULL,
    password        TEXT    NOT NULL,  -- see identity/users/passwords.hpp; empty: no password, so none signs in
    is_enabled      INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    default_project TEXT    REFERENCES projects (id) ON DELETE SET NULL,
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE role_assignments (
    user    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    role    TEXT NOT NULL CHECK (role IN ('admin', 'member', 'reader', 'service')),
    PRIMARY KEY (user, project, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_assignments_project ON role_assignments (project, role);

CREATE TABLE application_credentials (
    id              TEXT    NOT NULL PRIMARY KEY,
    user            TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project         TEXT    NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    description     TEXT    NOT NULL,
    secret          TEXT    NOT NULL,  -- in the stored form of a password
    roles           TEXT    NOT NULL,  -- names, separated by commas
    is_unrestricted INTEGER NOT NULL CHECK (is_unrestricted IN (0, 1)),
    expires_at      INTEGER,
    created_at      INTEGER NOT NULL,
    UNIQUE (user, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_credentials_project ON application_credentials (project);

CREATE TABLE tokens (
    hash                   TEXT    NOT NULL PRIMARY KEY,
    audit_id               TEXT    NOT NULL,
    parent_audit_id        TEXT    NOT NULL,  -- of the token that it was made from; empty if none
    user                   TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project                TEXT    REFERENCES projects (id) ON DELETE CASCADE,
    application_credential TEXT    REFERENCES application_credentials (id) ON DELETE CASCADE,
    methods                TEXT    NOT NULL,  -- separated by commas
    issued_at              INTEGER NOT NULL,
    expires_at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user, expires_at);
CREATE INDEX tokens_project ON tokens (project);
CREATE INDEX tokens_application_credential ON tokens (application_credential);
CREATE INDEX tokens_expires_at ON tokens (expires_at);

-- Sign-ins that work once: the one that is made at the first start.
CREATE TABLE one_time_sign_ins (
    hash       TEXT    NOT NULL PRIMARY KEY,
    user       TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Without authentication, every caller is this user in this project, and they own the images made then. To sign in as
-- this user takes a password or a one-time sign-in.
INSERT INTO projects (id, name, description, is_enabled, created_at)
VALUES ('default', 'default', '', 1, unixepoch() * 1000000);
INSERT INTO users (id, name, description, password, is_enabled, default_project, created_at)
VALUES ('admin', 'admin', '', '', 1, 'default', unixepoch() * 1000000);
INSERT INTO role_assignments (user, project, role) VALUES ('admin', 'default', 'admin');
