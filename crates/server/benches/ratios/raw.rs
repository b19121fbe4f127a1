//! What lookups and writes ask of SQLite, without anything around it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row, types::Value};

/// A connection of its own to a book.
pub struct Raw(Connection);

/// Whom a phone tail may mean, with their grades.
const MATCHES: &str = "SELECT c.*, g.* FROM customers c JOIN grades g ON g.customer_id = c.id \
     WHERE c.golden_id = c.id AND (c.id IN (SELECT customer_id FROM identifiers \
     WHERE kind = 'phone' AND reversed >= ?1 AND reversed < ?2) OR c.id IN (SELECT customer_id \
     FROM identifiers WHERE kind = 'card' AND reversed >= ?1 AND reversed < ?2) OR c.id IN \
     (SELECT customer_id FROM identifiers WHERE kind = 'external' AND reversed >= ?3 AND \
     reversed < ?4) OR c.number = ?5) ORDER BY c.number LIMIT 10";
const ORDERS: &str =
    "SELECT * FROM orders WHERE customer_id = ?1 ORDER BY ordered_at DESC, id DESC LIMIT 5";

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
        let found = self.rows(
            MATCHES,
            (&reversed, end(&reversed), &own, end(&own), number),
        );
        self.rows("SELECT * FROM settings WHERE key = 'chain'", ());
        self.rows("SELECT * FROM tier_schemes WHERE state = 'published'", ());
        let ids = integers(&found, 0);
        self.rows(&stores(&integers(&found, 14)), ());
        let keys = format!(
            "SELECT * FROM identifiers WHERE customer_id IN ({}) AND kind IN ('phone', 'email') \
             ORDER BY verified DESC, id",
            ids.join(", ")
        );
        self.rows(&keys, ());
        let orders: Vec<Vec<Value>> = ids.iter().flat_map(|id| self.rows(ORDERS, (id,))).collect();
        self.rows(&stores(&integers(&orders, 7)), ());
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

fn stores(ids: &[String]) -> String {
    format!(
        "SELECT id, name FROM stores WHERE id IN ({})",
        ids.join(", ")
    )
}

/// The numbers of a column, each once.
fn integers(rows: &[Vec<Value>], column: usize) -> Vec<String> {
    let mut found: Vec<i64> = rows
        .iter()
        .filter_map(|row| match row[column] {
            Value::Integer(number) => Some(number),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.iter().map(i64::to_string).collect()
}
