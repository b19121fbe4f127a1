-- What was put aside, and when it was last shown that it can be brought back.
CREATE TABLE backups (
  id BIGINT PRIMARY KEY,
  file TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  feed_position BIGINT NOT NULL,
  encrypted BOOL NOT NULL,
  tried_at BIGINT,
  proven_at BIGINT,
  proof TEXT NOT NULL DEFAULT 'null'
);
