-- Links by which people choose their own password, one each.
CREATE TABLE invitations (
  user_id BIGINT PRIMARY KEY REFERENCES users(id),
  token_hash TEXT NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
