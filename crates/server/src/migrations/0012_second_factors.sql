-- A second factor: an app that makes codes out of a secret (RFC 6238). The secret is sealed
-- with the key of the installation, so that whoever has the book alone makes no codes. It
-- counts from the first code on, and no step gives a code twice.
CREATE TABLE second_factors (
  user_id BIGINT PRIMARY KEY REFERENCES users(id),
  sealed_secret TEXT NOT NULL,
  confirmed_at BIGINT,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
-- What lets somebody in who has lost the app, once each.
CREATE TABLE recovery_codes (
  user_id BIGINT NOT NULL REFERENCES users(id),
  code_hash TEXT NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);
