-- An upload expires at once if its creator can no longer continue it. Nobody else may continue it, and it blocks other
-- uploads of the image.
CREATE TRIGGER uploads_image_given AFTER UPDATE OF owner ON images WHEN new.owner <> old.owner BEGIN
    UPDATE uploads SET expires_at = 0 WHERE image = new.n AND project <> new.owner;
END;
CREATE TRIGGER uploads_user_disabled AFTER UPDATE OF is_enabled ON users WHEN new.is_enabled = 0 BEGIN
    UPDATE uploads SET expires_at = 0 WHERE user = new.id;
END;
-- Also fires if the user or the project is deleted.
CREATE TRIGGER uploads_role_lost AFTER DELETE ON role_assignments
WHEN old.role IN ('admin', 'member') AND NOT EXISTS (
    SELECT 1 FROM role_assignments
        WHERE user = old.user AND project = old.project AND role IN ('admin', 'member')) BEGIN
    UPDATE uploads SET expires_at = 0 WHERE user = old.user AND project = old.project;
END;
