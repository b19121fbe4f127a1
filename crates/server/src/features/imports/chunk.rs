//! A part of a file between two commits, and what became of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    catalog::{ProductDoc, StoreDoc},
    order::OrderDoc,
    people::Person,
    problem::RowProblem,
    units::Unit,
};

/// Units that are written in one transaction.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Units of the file up to and including this chunk.
    pub units_until: u64,
    /// Rows of this chunk.
    pub rows: u64,
    /// Orders, and their rows, that stand in the book as they came.
    pub known: (u64, u64),
    /// What could be read.
    pub docs: Vec<Doc>,
    /// What could not.
    pub rejects: Vec<Reject>,
    /// Cells about people that nobody could read and that were left out, by field.
    pub unread: BTreeMap<String, u64>,
}

/// One unit as read.
#[derive(Debug, Clone)]
pub enum Doc {
    /// An order.
    Order(Box<OrderDoc>),
    /// A person of a customer list, and how many rows speak of them.
    Customer(Box<Person>, u64),
    /// A product, and how many rows speak of it.
    Product(ProductDoc, u64),
    /// A store, and how many rows speak of it.
    Store(StoreDoc, u64),
}

/// A row that cannot be used.
#[derive(Debug, Clone)]
pub struct Reject {
    pub line: u64,
    pub problem: RowProblem,
    pub cells: Vec<String>,
}

/// What became of rows and nouns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Counts {
    /// Rows of things that were not there before.
    pub rows_new: u64,
    /// Rows of things that have other values now.
    pub rows_updated: u64,
    /// Rows of things that were the same already.
    pub rows_unchanged: u64,
    /// Rows that could not be used.
    pub rows_rejected: u64,
    /// New sales, refunds and adjustments.
    pub orders_new: u64,
    /// Changed ones.
    pub orders_updated: u64,
    /// Ones that were the same already.
    pub orders_unchanged: u64,
    /// New customer records.
    pub customers_new: u64,
    /// Changed ones.
    pub customers_updated: u64,
    /// Ones that were the same already.
    pub customers_unchanged: u64,
    /// Records that turned out to be one customer with another.
    pub joined: u64,
    /// Pairs for a person to compare.
    pub review_pairs: u64,
    /// New products.
    pub products_new: u64,
    /// Changed products.
    pub products_updated: u64,
    /// New stores.
    pub stores_new: u64,
    /// Changed stores.
    pub stores_updated: u64,
    /// Cells about people that could not be read and were left out, by field.
    pub unread: BTreeMap<String, u64>,
}

impl Counts {
    /// Adds another chunk's counts.
    pub fn add(&mut self, other: &Self) {
        self.rows_new += other.rows_new;
        self.rows_updated += other.rows_updated;
        self.rows_unchanged += other.rows_unchanged;
        self.rows_rejected += other.rows_rejected;
        self.orders_new += other.orders_new;
        self.orders_updated += other.orders_updated;
        self.orders_unchanged += other.orders_unchanged;
        self.customers_new += other.customers_new;
        self.customers_updated += other.customers_updated;
        self.customers_unchanged += other.customers_unchanged;
        self.joined += other.joined;
        self.review_pairs += other.review_pairs;
        self.products_new += other.products_new;
        self.products_updated += other.products_updated;
        self.stores_new += other.stores_new;
        self.stores_updated += other.stores_updated;
        for (field, cells) in &other.unread {
            *self.unread.entry(field.clone()).or_default() += cells;
        }
    }

    /// Rows whose outcome is known.
    pub const fn rows(&self) -> u64 {
        self.rows_new + self.rows_updated + self.rows_unchanged + self.rows_rejected
    }
}

impl Chunk {
    /// Notes what was left out of a person.
    pub fn leave_out(&mut self, fields: &[&'static str]) {
        for field in fields {
            *self.unread.entry((*field).to_owned()).or_default() += 1;
        }
    }

    /// What is known of the chunk before it is compared with the book.
    pub fn counts(&self) -> Counts {
        Counts {
            rows_rejected: self.rejects.len() as u64,
            orders_unchanged: self.known.0,
            rows_unchanged: self.known.1,
            unread: self.unread.clone(),
            ..Counts::default()
        }
    }

    /// Refuses a unit: its row at fault with the reason, the others because the
    /// order would be incomplete without it.
    pub fn refuse(&mut self, unit: &Unit, line: u64, problem: &RowProblem) {
        self.rows += unit.rows.len() as u64;
        for row in &unit.rows {
            let mut own = if row.line() == line || unit.rows.len() == 1 {
                problem.clone()
            } else {
                RowProblem {
                    field: "",
                    code: "order_incomplete",
                    params: Map::new(),
                }
                .with("line", line)
            };
            if !unit.key.is_empty() {
                own.params
                    .insert("order".to_owned(), Value::from(unit.key.as_str()));
            }
            let cells = row.cells().map(str::to_owned).collect();
            self.rejects.push(Reject {
                line: row.line(),
                problem: own,
                cells,
            });
        }
    }
}
