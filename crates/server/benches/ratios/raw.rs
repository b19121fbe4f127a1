//! What lookups and writes ask of SQLite, without anything around it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row, types::Value};

/// A connection of its own to a book.
pub struct Raw(Connection);

/// Whom a phone tail may mean, with their grades, stores and keys.
const MATCHES: &str = "SELECT c.*, g.*, s.name, \
     (SELECT value FROM identifiers WHERE customer_id = c.id AND kind = 'phone' \
     ORDER BY verified DESC, id LIMIT 1), \
     (SELECT value FROM identifiers WHERE customer_id = c.id AND kind = 'email' \
     ORDER BY verified DESC, id LIMIT 1) \
     FROM customers c JOIN grades g ON g.customer_id = c.id \
     LEFT JOIN stores s ON s.id = coalesce(c.home_store_id, g.favourite_store_id) \
     WHERE c.id IN (SELECT id FROM customers c \
     WHERE c.golden_id = c.id AND (c.id IN (SELECT customer_id FROM identifiers \
     WHERE kind = 'phone' AND reversed >= ?1 AND reversed < ?2) OR c.id IN (SELECT customer_id \
     FROM identifiers WHERE kind = 'card' AND reversed >= ?1 AND reversed < ?2) OR c.id IN \
     (SELECT customer_id FROM identifiers WHERE kind = 'external' AND reversed >= ?3 AND \
     reversed < ?4) OR c.number = ?5) ORDER BY c.number LIMIT 10)";
/// The last orders of one of them.
const ORDERS: &str = "SELECT * FROM (SELECT o.*, s.name FROM orders o \
     LEFT JOIN stores s ON s.id = o.store_id WHERE o.customer_id = ? \
     ORDER BY o.ordered_at DESC, o.id DESC LIMIT 5)";

/// Who asks.
const SESSION: &str = "SELECT s.*, u.* FROM sessions s LEFT JOIN users u ON u.id = s.user_id \
     WHERE s.token_hash = (SELECT token_hash FROM sessions LIMIT 1)";

impl Raw {
    pub fn open(file: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Raw(Connection::open_with_flags(file, flags).expect("the book opens"))
    }

    /// Runs what a lookup runs and answers how many customers it found.
    pub fn look_up(&self, tail: &str) -> usize {
        let reversed: String = tail.chars().rev().collect();
        let end = |text: &str| format!("{text}{}", char::MAX);
        let own = format!("{reversed}:");
        let number: i64 = tail.parse().expect("digits");
        self.rows(SESSION, ());
        let found = self.rows(
            MATCHES,
            (&reversed, end(&reversed), &own, end(&own), number),
        );
        self.rows("SELECT * FROM settings WHERE key = 'chain'", ());
        self.rows("SELECT * FROM tier_schemes WHERE state = 'published'", ());
        if !found.is_empty() {
            let orders = vec![ORDERS; found.len()].join(" UNION ALL ");
            let ids = found.iter().map(|row| row[0].clone());
            self.rows(&orders, rusqlite::params_from_iter(ids));
        }
        found.len()
    }

    fn rows(&self, sql: &str, values: impl rusqlite::Params) -> Vec<Vec<Value>> {
        let mut statement = self.0.prepare_cached(sql).expect("plain SQL is understood");
        let columns = statement.column_count();
        let row = |row: &Row| (0..columns).map(|at| row.get(at)).collect();
        let rows = statement.query_map(values, row).expect("it runs");
        rows.collect::<Result<_, _>>().expect("rows come")
    }
}
