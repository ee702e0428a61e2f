-- Uploads that arrive in several requests (tus). The bytes so far are in a file of the data folder. Meanwhile the image
-- is saving, and has a location in state writing whose size is reserved.
CREATE TABLE uploads (
    id         TEXT    NOT NULL PRIMARY KEY,
    image      INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    location   INTEGER NOT NULL,
    user       TEXT    NOT NULL,  -- who began it; only this user may continue
    project    TEXT    NOT NULL,
    metadata   TEXT    NOT NULL,  -- as the client sent it
    length     INTEGER CHECK (length >= received),  -- NULL: not known yet
    received   INTEGER NOT NULL CHECK (received >= 0),  -- bytes that survive a power cut
    is_done    INTEGER NOT NULL CHECK (is_done IN (0, 1)),  -- the image has its data
    expires_at INTEGER NOT NULL,
    -- A client that is told that all bytes are there takes the image for complete.
    CHECK (is_done = 1 OR length IS NULL OR received < length OR length = 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_image ON uploads (image);
CREATE INDEX uploads_location ON uploads (location) WHERE is_done = 0;
CREATE INDEX uploads_expires_at ON uploads (expires_at);

-- A delete of the image makes its uploads expire at once.
CREATE TRIGGER uploads_image_deleted AFTER UPDATE OF status ON images WHEN new.status >= 6 AND old.status < 6 BEGIN
    UPDATE uploads SET expires_at = 0 WHERE image = new.n;
END;
