-- What else needed the bytes when they were last to be removed; a list with commas.
ALTER TABLE image_locations ADD COLUMN blocked_by TEXT NOT NULL DEFAULT '';
