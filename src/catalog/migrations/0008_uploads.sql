-- Uploads that come in several requests (tus). The bytes so far are in a file of the data folder; the image is saving
-- meanwhile, with the location that is being written, whose size is what is reserved.
CREATE TABLE uploads (
    id         TEXT    NOT NULL PRIMARY KEY,
    image      INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    location   INTEGER NOT NULL,
    user       TEXT    NOT NULL,  -- who began it, and goes on with it
    project    TEXT    NOT NULL,
    metadata   TEXT    NOT NULL,  -- as the client sent it
    length     INTEGER CHECK (length >= received),  -- NULL: nobody has said yet
    received   INTEGER NOT NULL CHECK (received >= 0),  -- bytes that survive a power cut
    is_done    INTEGER NOT NULL CHECK (is_done IN (0, 1)),  -- the image has its data
    expires_at INTEGER NOT NULL,
    -- Whoever is told that all is there believes that the image is, too.
    CHECK (is_done = 1 OR length IS NULL OR received < length OR length = 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_image ON uploads (image);
CREATE INDEX uploads_location ON uploads (location) WHERE is_done = 0;
CREATE INDEX uploads_expires_at ON uploads (expires_at);

-- An upload of an image that is deleted ends soon.
CREATE TRIGGER uploads_image_deleted AFTER UPDATE OF status ON images WHEN new.status >= 6 AND old.status < 6 BEGIN
    UPDATE uploads SET expires_at = 0 WHERE image = new.n;
END;
