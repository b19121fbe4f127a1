//! The warehouse against a book in plain Rust.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod book;
mod cdnow;
mod examples;
mod naive;
mod random;
mod restart;
mod sync;

use clientele_warehouse::{Options, Table, Warehouse};
use tempfile::TempDir;

use book::Book;

/// Opens a warehouse with little memory and two threads.
async fn open(folder: &TempDir) -> Warehouse {
    let options = Options {
        memory_limit_bytes: 64 << 20,
        threads: 2,
    };
    Warehouse::open(folder.path(), options).await.unwrap()
}

/// Every table holds exactly the rows of the book.
async fn assert_equal(warehouse: &Warehouse, book: &Book) {
    for table in Table::ALL {
        let found = warehouse.fingerprint(table).await.unwrap();
        assert_eq!(found, book.fingerprint(table), "{}", table.name());
    }
}
