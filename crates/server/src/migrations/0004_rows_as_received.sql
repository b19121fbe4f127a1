-- A hash of the rows that made an order and of how they were read: a file that comes
-- again is known by it without being read to the end. 0 where nobody knows.
ALTER TABLE orders ADD COLUMN rows_hash BIGINT NOT NULL DEFAULT 0;
