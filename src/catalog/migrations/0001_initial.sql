-- Times are microseconds since 1970 UTC. The numbers of status and visibility are those of image/status.hpp, the
-- numbers of state those of image/image.hpp.

CREATE TABLE images (
    n                INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order of creation
    id               TEXT    NOT NULL UNIQUE,
    name             TEXT,
    status           INTEGER NOT NULL CHECK (status BETWEEN 0 AND 8),
    visibility       INTEGER NOT NULL CHECK (visibility BETWEEN 0 AND 3),
    owner            TEXT    NOT NULL,
    is_protected     INTEGER NOT NULL CHECK (is_protected IN (0, 1)),
    is_hidden        INTEGER NOT NULL CHECK (is_hidden IN (0, 1)),
    min_disk         INTEGER NOT NULL,
    min_ram          INTEGER NOT NULL,
    disk_format      TEXT,
    container_format TEXT,
    size             INTEGER CHECK (size >= 0),
    virtual_size     INTEGER CHECK (virtual_size >= 0),
    checksum         TEXT,
    os_hash_algo     TEXT,
    os_hash_value    TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    status_reason    TEXT    NOT NULL,
    -- The list that shows the image: 0 the images, 1 the bin, 2 none while its data is being removed, 3 none because it
    -- is deleted. It follows from the status and from how the image was deleted. It is a column of its own so that a
    -- change of status rewrites only the few indexes on status, not all indexes of a list.
    place            INTEGER NOT NULL CHECK ((place = 0) = (status < 6) AND (place = 3) = (status = 8)
                                             AND place BETWEEN 0 AND 3),
    deleted_at       INTEGER,
    deleted_by       TEXT,
    deleted_from     INTEGER,
    scrub_after      INTEGER CHECK (scrub_after IS NOT NULL OR status NOT IN (6, 7)),
    retention        INTEGER,  -- microseconds; unlike scrub_after, not adjusted when the clock steps
    CHECK ((deleted_at IS NULL) = (scrub_after IS NULL) AND (deleted_at IS NULL) = (deleted_by IS NULL)
           AND (deleted_at IS NULL) = (deleted_from IS NULL) AND (deleted_at IS NULL) = (retention IS NULL))
) STRICT;

-- One index for each sort key or filter. SQLite appends n to each of them. They hold only the images outside the bin,
-- so that a full bin does not slow down the lists.
CREATE INDEX images_live ON images (n) WHERE place = 0;
CREATE INDEX images_live_created_at ON images (created_at) WHERE place = 0;
CREATE INDEX images_live_updated_at ON images (updated_at) WHERE place = 0;
CREATE INDEX images_live_name ON images (name) WHERE place = 0;
CREATE INDEX images_live_id ON images (id) WHERE place = 0;
CREATE INDEX images_live_status ON images (status) WHERE place = 0;
CREATE INDEX images_live_size ON images (size) WHERE place = 0;
CREATE INDEX images_live_virtual_size ON images (virtual_size) WHERE place = 0;
CREATE INDEX images_live_disk_format ON images (disk_format) WHERE place = 0;
CREATE INDEX images_live_container_format ON images (container_format) WHERE place = 0;
CREATE INDEX images_live_visibility ON images (visibility) WHERE place = 0;
CREATE INDEX images_live_owner ON images (owner) WHERE place = 0;
CREATE INDEX images_live_min_disk ON images (min_disk) WHERE place = 0;
CREATE INDEX images_live_min_ram ON images (min_ram) WHERE place = 0;
CREATE INDEX images_live_checksum ON images (checksum) WHERE place = 0;
CREATE INDEX images_live_os_hash_algo ON images (os_hash_algo) WHERE place = 0;
CREATE INDEX images_live_os_hash_value ON images (os_hash_value) WHERE place = 0;
CREATE INDEX images_live_is_protected ON images (is_protected) WHERE place = 0;
CREATE INDEX images_live_is_hidden ON images (is_hidden) WHERE place = 0;

-- Indexes for the keys that the page of the bin sorts by. For any other key the whole bin is sorted.
CREATE INDEX images_bin ON images (n) WHERE place = 1;
CREATE INDEX images_bin_deleted_at ON images (deleted_at) WHERE place = 1;
CREATE INDEX images_bin_scrub_after ON images (scrub_after) WHERE place = 1;
CREATE INDEX images_bin_name ON images (name) WHERE place = 1;
CREATE INDEX images_bin_owner ON images (owner) WHERE place = 1;
CREATE INDEX images_bin_size ON images (size) WHERE place = 1;

-- Indexes for the queries of the scrubber.
CREATE INDEX images_due ON images (scrub_after) WHERE status = 6;
CREATE INDEX images_scrubbing ON images (n) WHERE status = 7;
CREATE INDEX images_deleted ON images (coalesce(deleted_at, updated_at)) WHERE place = 3;

CREATE TABLE image_properties (
    image INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    name  TEXT    NOT NULL,
    value TEXT    NOT NULL,
    PRIMARY KEY (image, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_properties_value ON image_properties (name, value, image);

CREATE TABLE image_tags (
    image INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    tag   TEXT    NOT NULL,
    PRIMARY KEY (image, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_tags_tag ON image_tags (tag, image);

CREATE TABLE image_locations (
    n               INTEGER PRIMARY KEY AUTOINCREMENT,
    image           INTEGER NOT NULL REFERENCES images (n),  -- no cascade: a deleted row must not leave unknown bytes
    store           TEXT    NOT NULL,
    uri             TEXT    NOT NULL,
    state           INTEGER NOT NULL CHECK (state IN (0, 1)),
    size            INTEGER NOT NULL CHECK (size >= 0),
    attempts        INTEGER NOT NULL,
    last_error      TEXT    NOT NULL,
    next_attempt_at INTEGER NOT NULL
) STRICT;
CREATE INDEX image_locations_image ON image_locations (image);
CREATE INDEX image_locations_uri ON image_locations (uri);
CREATE INDEX image_locations_blocked ON image_locations (n) WHERE attempts > 0;
CREATE INDEX image_locations_writing ON image_locations (image) WHERE state = 0;

-- Ids of purged images, which must not be used again. The UNIQUE of images.id protects the ids that still have a row.
CREATE TABLE used_ids (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER images_keep_id AFTER DELETE ON images BEGIN
    INSERT INTO used_ids (id) VALUES (old.id);
END;

CREATE TABLE scrub_runs (
    n           INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    trigger     TEXT    NOT NULL,
    images      INTEGER NOT NULL,
    bytes_freed INTEGER NOT NULL,
    failures    INTEGER NOT NULL
) STRICT;

CREATE TABLE catalog_state (
    only_row          INTEGER PRIMARY KEY CHECK (only_row = 1),
    clock_wall_us     INTEGER NOT NULL DEFAULT 0,  -- the mark of service/clock_guard.hpp
    clock_boot_us     INTEGER NOT NULL DEFAULT 0,
    clock_boot_id     TEXT    NOT NULL DEFAULT '',  -- empty: no mark yet
    hold_until_boot_us INTEGER NOT NULL DEFAULT 0,
    hold_reason       TEXT    NOT NULL DEFAULT '',
    images            INTEGER NOT NULL DEFAULT 0,  -- outside the bin
    bytes             INTEGER NOT NULL DEFAULT 0,
    bin_images        INTEGER NOT NULL DEFAULT 0,
    bin_bytes         INTEGER NOT NULL DEFAULT 0,
    -- The largest step back that created_at ever made while n grew. With it, a range of created_at bounds a list in the
    -- order of n.
    latest_created_at INTEGER NOT NULL DEFAULT -9223372036854775808,
    created_at_lag    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO catalog_state (only_row) VALUES (1);

CREATE TRIGGER images_count_insert AFTER INSERT ON images BEGIN
    UPDATE catalog_state SET
        images = images + (new.place = 0),
        bytes = bytes + (new.place = 0) * coalesce(new.size, 0),
        bin_images = bin_images + (new.place = 1),
        bin_bytes = bin_bytes + (new.place = 1) * coalesce(new.size, 0),
        created_at_lag = CASE WHEN new.created_at < latest_created_at
                              THEN max(created_at_lag, latest_created_at - new.created_at) ELSE created_at_lag END,
        latest_created_at = max(latest_created_at, new.created_at);
END;
CREATE TRIGGER images_count_update AFTER UPDATE OF place, size ON images BEGIN
    UPDATE catalog_state SET
        images = images + (new.place = 0) - (old.place = 0),
        bytes = bytes + (new.place = 0) * coalesce(new.size, 0) - (old.place = 0) * coalesce(old.size, 0),
        bin_images = bin_images + (new.place = 1) - (old.place = 1),
        bin_bytes = bin_bytes + (new.place = 1) * coalesce(new.size, 0) - (old.place = 1) * coalesce(old.size, 0);
END;
CREATE TRIGGER images_count_delete AFTER DELETE ON images BEGIN
    UPDATE catalog_state SET
        images = images - (old.place = 0),
        bytes = bytes - (old.place = 0) * coalesce(old.size, 0),
        bin_images = bin_images - (old.place = 1),
        bin_bytes = bin_bytes - (old.place = 1) * coalesce(old.size, 0);
END;
