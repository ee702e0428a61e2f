-- The numbers of status are those of image/member.hpp.
CREATE TABLE image_members (
    image      INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    member     TEXT    NOT NULL,  -- id of a project
    status     INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (image, member)
) STRICT, WITHOUT ROWID;
-- In the order of images, so that the list of what is shared with a project is walked in it.
CREATE INDEX image_members_member ON image_members (member, image, status);

-- A list shows a project its own images and the public ones: each in the order of creation, which the indexes on owner
-- and visibility have, and by name.
CREATE INDEX images_live_owner_name ON images (owner, name) WHERE place = 0;
CREATE INDEX images_live_visibility_name ON images (visibility, name) WHERE place = 0;

-- Who created the image: what limits a user counts by. Empty for what was there before.
ALTER TABLE images ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
