-- The numbers of status are those of image/member.hpp.
CREATE TABLE image_members (
    image      INTEGER NOT NULL REFERENCES images (n) ON DELETE CASCADE,
    member     TEXT    NOT NULL,  -- id of a project
    status     INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (image, member)
) STRICT, WITHOUT ROWID;
-- In the order of images, so that a list of the images shared with a project can be walked in that order.
CREATE INDEX image_members_member ON image_members (member, image, status);

-- The list of a project shows its own images and the public ones. The indexes on owner and visibility give each of them
-- in the order of creation, and these two give them by name.
CREATE INDEX images_live_owner_name ON images (owner, name) WHERE place = 0;
CREATE INDEX images_live_visibility_name ON images (visibility, name) WHERE place = 0;

-- Id of the user who created the image. The limits of a user count by it. Empty for images older than this column.
ALTER TABLE images ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
