-- Bytes of images in each store, as clients count them. Triggers keep them up to date, because a sum would walk the
-- whole catalog.
CREATE TABLE store_usage (
    store    TEXT    NOT NULL PRIMARY KEY,
    images   INTEGER NOT NULL,  -- of images outside the bin
    bin      INTEGER NOT NULL,  -- of images in the bin, or being removed from it
    reserved INTEGER NOT NULL   -- for running uploads
) STRICT, WITHOUT ROWID;

INSERT INTO store_usage (store, images, bin, reserved)
    SELECT l.store, sum((l.state = 1 AND i.place = 0) * l.size), sum((l.state = 1 AND i.place <> 0) * l.size),
           sum((l.state = 0) * l.size)
    FROM image_locations AS l JOIN images AS i ON i.n = l.image GROUP BY l.store;

CREATE TRIGGER store_usage_location_insert AFTER INSERT ON image_locations BEGIN
    INSERT INTO store_usage (store, images, bin, reserved)
        VALUES (new.store,
                (new.state = 1 AND (SELECT place FROM images WHERE n = new.image) = 0) * new.size,
                (new.state = 1 AND (SELECT place FROM images WHERE n = new.image) <> 0) * new.size,
                (new.state = 0) * new.size)
        ON CONFLICT DO UPDATE SET images = images + excluded.images, bin = bin + excluded.bin,
                                  reserved = reserved + excluded.reserved;
END;
-- A location never changes its store, and is deleted before its image. With a cascade, the triggers would not find the
-- place of the image.
CREATE TRIGGER store_usage_location_update AFTER UPDATE OF state, size ON image_locations
WHEN new.state <> old.state OR new.size <> old.size BEGIN
    UPDATE store_usage SET
        images = images + ((SELECT place FROM images WHERE n = new.image) = 0)
                          * ((new.state = 1) * new.size - (old.state = 1) * old.size),
        bin = bin + ((SELECT place FROM images WHERE n = new.image) <> 0)
                    * ((new.state = 1) * new.size - (old.state = 1) * old.size),
        reserved = reserved + (new.state = 0) * new.size - (old.state = 0) * old.size
        WHERE store = new.store;
END;
CREATE TRIGGER store_usage_location_delete AFTER DELETE ON image_locations BEGIN
    UPDATE store_usage SET
        images = images - (old.state = 1 AND (SELECT place FROM images WHERE n = old.image) = 0) * old.size,
        bin = bin - (old.state = 1 AND (SELECT place FROM images WHERE n = old.image) <> 0) * old.size,
        reserved = reserved - (old.state = 0) * old.size
        WHERE store = old.store;
END;
CREATE TRIGGER store_usage_image_update AFTER UPDATE OF place ON images WHEN (new.place = 0) <> (old.place = 0) BEGIN
    UPDATE store_usage SET
        images = images + ((new.place = 0) - (old.place = 0)) * moved.bytes,
        bin = bin - ((new.place = 0) - (old.place = 0)) * moved.bytes
        FROM (SELECT store, sum(size) AS bytes FROM image_locations WHERE image = new.n AND state = 1
              GROUP BY store) AS moved
        WHERE store_usage.store = moved.store;
END;

-- Samples of store_usage over time, with the space that each store reported.
CREATE TABLE space_samples (
    n         INTEGER NOT NULL PRIMARY KEY,  -- in the order of storing, whatever the clock says
    store     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    images    INTEGER NOT NULL,
    bin       INTEGER NOT NULL,
    reserved  INTEGER NOT NULL,
    total     INTEGER NOT NULL,
    available INTEGER NOT NULL,
    UNIQUE (store, at)
) STRICT;
CREATE INDEX space_samples_at ON space_samples (at);
