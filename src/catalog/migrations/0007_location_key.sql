-- URIs of locations may be encrypted. Then uri is the encrypted text, uri_key names the key, and uri_mark is a keyed
-- hash of store and URI, to find the row by.
ALTER TABLE image_locations ADD COLUMN uri_key TEXT NOT NULL DEFAULT '';
ALTER TABLE image_locations ADD COLUMN uri_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX image_locations_uri_mark ON image_locations (uri_mark) WHERE uri_mark <> '';
ALTER TABLE location_removals ADD COLUMN uri_key TEXT NOT NULL DEFAULT '';
ALTER TABLE location_removals ADD COLUMN uri_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX location_removals_uri_mark ON location_removals (uri_mark) WHERE uri_mark <> '';

-- Name of the key under which all URIs are stored; empty for none.
ALTER TABLE catalog_state ADD COLUMN location_key TEXT NOT NULL DEFAULT '';
-- While the key changes: the name of the new key, or "none". Some URIs are stored under it already. Otherwise empty.
ALTER TABLE catalog_state ADD COLUMN location_key_next TEXT NOT NULL DEFAULT '';
