-- Other things that still needed the bytes at the last attempt to remove them, separated by commas.
ALTER TABLE image_locations ADD COLUMN blocked_by TEXT NOT NULL DEFAULT '';
