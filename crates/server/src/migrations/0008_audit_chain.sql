-- The audit log shows tampering: each entry is hashed with the one before it. What is
-- there already is hashed by the program that applies this (db/chain.rs).
ALTER TABLE audit_entries ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entries ADD COLUMN hash TEXT NOT NULL DEFAULT '';
