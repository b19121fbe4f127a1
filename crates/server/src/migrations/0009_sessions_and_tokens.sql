-- Sessions can be told apart and ended one by one.
ALTER TABLE sessions ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET id = created_at;
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- A token may end, and may be for some rights only (JSON: a list of permissions).
ALTER TABLE api_tokens ADD COLUMN expires_at BIGINT;
ALTER TABLE api_tokens ADD COLUMN permissions TEXT;
