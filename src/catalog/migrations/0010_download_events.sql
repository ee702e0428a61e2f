-- Downloads have a limit of their own in the audit trail.
CREATE INDEX events_download ON events (at) WHERE action = 'image.download' AND result = 'done';
