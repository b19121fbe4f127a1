-- Who works where, and what they may do.
CREATE TABLE units (
  id BIGINT PRIMARY KEY,
  parent_id BIGINT REFERENCES units(id),   -- null: directly below the chain
  kind TEXT NOT NULL,                      -- region, country, area
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX units_parent ON units(parent_id);

CREATE TABLE teams (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE roles (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  grants TEXT NOT NULL,                    -- JSON: noun -> actions and reach
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE user_roles (
  user_id BIGINT NOT NULL REFERENCES users(id),
  role TEXT NOT NULL,                      -- key of a built-in role, or id of an own one
  PRIMARY KEY (user_id, role)
);
INSERT INTO user_roles (user_id, role) SELECT id, role FROM users;
ALTER TABLE users DROP COLUMN role;

ALTER TABLE users ADD COLUMN unit_id BIGINT;      -- neither unit nor store: the whole chain
ALTER TABLE users ADD COLUMN store_id BIGINT;
ALTER TABLE users ADD COLUMN team_id BIGINT;
ALTER TABLE users ADD COLUMN manager_id BIGINT;

-- Grows with every change of what anybody may do.
INSERT INTO counters (name, value) VALUES ('access', 1);

ALTER TABLE stores ADD COLUMN unit_id BIGINT;
ALTER TABLE customers ADD COLUMN owner_id BIGINT; -- the person who looks after them
