-- An image can have several locations, in an order, also of bytes that Reprieve did not write.
ALTER TABLE image_locations ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image_locations ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';  -- a JSON object
ALTER TABLE image_locations ADD COLUMN has_digest INTEGER NOT NULL DEFAULT 1 CHECK (has_digest IN (0, 1));

-- Former locations of images whose bytes are still to be removed.
CREATE TABLE location_removals (
    n               INTEGER PRIMARY KEY AUTOINCREMENT,
    image           INTEGER NOT NULL,  -- the image that had it, whose row may be gone
    image_id        TEXT    NOT NULL,
    store           TEXT    NOT NULL,
    uri             TEXT    NOT NULL,
    size            INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    last_error      TEXT    NOT NULL,
    next_attempt_at INTEGER NOT NULL
) STRICT;
CREATE INDEX location_removals_uri ON location_removals (uri);
CREATE INDEX location_removals_due ON location_removals (next_attempt_at);
