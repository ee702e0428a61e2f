-- The audit trail: who did what, to which thing, when, from where, with what result.
CREATE TABLE events (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    user      TEXT    NOT NULL,
    user_name TEXT    NOT NULL,
    project   TEXT    NOT NULL,  -- of the user's token
    address   TEXT    NOT NULL,
    request   TEXT    NOT NULL,
    target    TEXT    NOT NULL,  -- id of the image, user, project, …; empty if it concerns none
    owner     TEXT    NOT NULL,  -- the project of that image, whose members may see the event
    result    TEXT    NOT NULL,  -- "done", or the name of the kind of error
    detail    TEXT    NOT NULL,
    count     INTEGER NOT NULL   -- how often: a refusal that repeats is one event
) STRICT;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_target ON events (target, at);
CREATE INDEX events_owner ON events (owner, at);
CREATE INDEX events_user ON events (user, at);
CREATE INDEX events_refused ON events (at) WHERE result <> 'done';

-- The figures that limits apply to. Images: all that are not deleted, including those in the bin. Bytes: those stored,
-- plus those that running uploads have reserved (the size of a location that is being written).
CREATE TABLE image_usage (
    kind   INTEGER NOT NULL CHECK (kind IN (0, 1)),  -- 0 by owner: a project; 1 by creator: a user
    id     TEXT    NOT NULL,
    images INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO image_usage (kind, id, images, bytes)
    SELECT 0, owner, count(*), sum(coalesce(size, 0)) FROM images WHERE place <> 3 GROUP BY owner
    UNION ALL SELECT 1, created_by, count(*), sum(coalesce(size, 0)) FROM images WHERE place <> 3 GROUP BY created_by;

CREATE TRIGGER usage_image_insert AFTER INSERT ON images WHEN new.place <> 3 BEGIN
    INSERT INTO image_usage (kind, id, images, bytes)
        VALUES (0, new.owner, 1, coalesce(new.size, 0)), (1, new.created_by, 1, coalesce(new.size, 0))
        ON CONFLICT DO UPDATE SET images = images + excluded.images, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER usage_image_update AFTER UPDATE OF place, size ON images
WHEN (new.place = 3) <> (old.place = 3) OR new.size IS NOT old.size BEGIN
    UPDATE image_usage SET
        images = images + (new.place <> 3) - (old.place <> 3),
        bytes = bytes + (new.place <> 3) * coalesce(new.size, 0) - (old.place <> 3) * coalesce(old.size, 0)
        WHERE kind = 0 AND id = old.owner;
    UPDATE image_usage SET
        images = images + (new.place <> 3) - (old.place <> 3),
        bytes = bytes + (new.place <> 3) * coalesce(new.size, 0) - (old.place <> 3) * coalesce(old.size, 0)
        WHERE kind = 1 AND id = old.created_by;
END;
-- If one statement changes owner and size, usage_image_update corrects the figures of the old owner, whichever trigger
-- runs first.
CREATE TRIGGER usage_image_owner AFTER UPDATE OF owner ON images WHEN new.owner <> old.owner BEGIN
    INSERT INTO image_usage (kind, id, images, bytes)
        VALUES (0, new.owner, new.place <> 3, (new.place <> 3) * coalesce(new.size, 0) +
                (SELECT coalesce(sum(size), 0) FROM image_locations WHERE image = new.n AND state = 0))
        ON CONFLICT DO UPDATE SET images = images + excluded.images, bytes = bytes + excluded.bytes;
    UPDATE image_usage SET
        images = images - (new.place <> 3),
        bytes = bytes - (new.place <> 3) * coalesce(new.size, 0) -
                (SELECT coalesce(sum(size), 0) FROM image_locations WHERE image = new.n AND state = 0)
        WHERE kind = 0 AND id = old.owner;
END;
CREATE TRIGGER usage_image_delete AFTER DELETE ON images WHEN old.place <> 3 BEGIN
    UPDATE image_usage SET images = images - 1, bytes = bytes - coalesce(old.size, 0) WHERE kind = 0 AND id = old.owner;
    UPDATE image_usage SET images = images - 1, bytes = bytes - coalesce(old.size, 0)
        WHERE kind = 1 AND id = old.created_by;
END;

CREATE TRIGGER usage_location_insert AFTER INSERT ON image_locations WHEN new.state = 0 BEGIN
    UPDATE image_usage SET bytes = bytes + new.size
        WHERE kind = 0 AND id = (SELECT owner FROM images WHERE n = new.image);
    UPDATE image_usage SET bytes = bytes + new.size
        WHERE kind = 1 AND id = (SELECT created_by FROM images WHERE n = new.image);
END;
CREATE TRIGGER usage_location_update AFTER UPDATE OF state, size ON image_locations
WHEN new.state = 0 OR old.state = 0 BEGIN
    UPDATE image_usage SET bytes = bytes + (new.state = 0) * new.size - (old.state = 0) * old.size
        WHERE kind = 0 AND id = (SELECT owner FROM images WHERE n = new.image);
    UPDATE image_usage SET bytes = bytes + (new.state = 0) * new.size - (old.state = 0) * old.size
        WHERE kind = 1 AND id = (SELECT created_by FROM images WHERE n = new.image);
END;
CREATE TRIGGER usage_location_delete AFTER DELETE ON image_locations WHEN old.state = 0 BEGIN
    UPDATE image_usage SET bytes = bytes - old.size
        WHERE kind = 0 AND id = (SELECT owner FROM images WHERE n = old.image);
    UPDATE image_usage SET bytes = bytes - old.size
        WHERE kind = 1 AND id = (SELECT created_by FROM images WHERE n = old.image);
END;
