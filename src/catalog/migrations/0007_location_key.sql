-- URIs of locations may be encrypted: then uri is the encrypted text, uri_key names the key, and uri_mark is a keyed
-- hash of store and URI, to find it by.
ALTER TABLE image_locations ADD COLUMN uri_key TEXT NOT NULL DEFAULT '';
ALTER TABLE image_locations ADD COLUMN uri_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX image_locations_uri_mark ON image_locations (uri_mark) WHERE uri_mark <> '';
ALTER TABLE location_removals ADD COLUMN uri_key TEXT NOT NULL DEFAULT '';
ALTER TABLE location_removals ADD COLUMN uri_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX location_removals_uri_mark ON location_removals (uri_mark) WHERE uri_mark <> '';

-- The name of the key that they all have; empty for none.
ALTER TABLE catalog_state ADD COLUMN location_key TEXT NOT NULL DEFAULT '';
-- While it changes: the name of the new one, or "none"; some have that already.
ALTER TABLE catalog_state ADD COLUMN location_key_next TEXT NOT NULL DEFAULT '';
