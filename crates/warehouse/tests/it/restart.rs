//! Kill -9 at bad moments, played with copies of the folders.
//!
//! A commit is one new file in a table's log. Putting a table's folder back as
//! it was before the sync is exactly what a kill before its commit leaves.

use std::path::Path;

use clientele_warehouse::{Error, Synced, Table, Warehouse};
use jiff::civil::date;
use tempfile::TempDir;

use crate::book::Book;
use crate::random::{Random, live};
use crate::sync::assert_answers;
use crate::{assert_equal, open};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn put_back(table: Table, from: &TempDir, to: &TempDir) {
    std::fs::remove_dir_all(to.path().join(table.name())).unwrap();
    copy(
        &from.path().join(table.name()),
        &to.path().join(table.name()),
    );
}

#[tokio::test]
async fn a_sync_killed_between_any_two_tables_is_completed_by_the_next() {
    for lost in 1..=Table::ALL.len() {
        let mut random = Random(lost as u64);
        let mut book = Book::with_stores();
        live(&mut book, &mut random, 60);
        let (folder, before) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let warehouse = open(&folder).await;
        warehouse.sync(book.take_batch()).await.unwrap();
        drop(warehouse);
        copy(folder.path(), before.path());

        live(&mut book, &mut random, 60);
        let warehouse = open(&folder).await;
        warehouse.sync(book.batch()).await.unwrap();
        drop(warehouse);
        // The last tables of the sync never came to their commits.
        for table in Table::ALL.iter().rev().take(lost) {
            put_back(*table, &before, &folder);
        }

        let warehouse = open(&folder).await;
        assert_eq!(warehouse.position(), book.sent);
        // The server comes back with a longer stretch.
        live(&mut book, &mut random, 20);
        assert_eq!(
            warehouse.sync(book.take_batch()).await.unwrap(),
            Synced::Applied
        );
        assert_equal(&warehouse, &book).await;
        assert_eq!(warehouse.position(), book.seq);
    }
}

#[tokio::test]
async fn a_file_without_its_commit_is_invisible() {
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(5), 50);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();
    drop(warehouse);
    let orders = folder.path().join(Table::Orders.name());
    let is_data = |path: &Path| path.extension().is_some_and(|end| end == "parquet");
    let file = std::fs::read_dir(&orders)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| is_data(path))
        .unwrap();
    std::fs::copy(file, orders.join("part-00000-left-behind.snappy.parquet")).unwrap();
    let warehouse = open(&folder).await;
    assert_equal(&warehouse, &book).await;
    warehouse.tidy().await.unwrap();
    assert_equal(&warehouse, &book).await;
}

#[tokio::test]
async fn projections_that_are_torn_or_lost_are_made_again() {
    let mut book = Book::with_stores();
    let mut random = Random(17);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    for _ in 0..4 {
        live(&mut book, &mut random, 60);
        warehouse.sync(book.take_batch()).await.unwrap();
    }
    let projections = folder.path().join("projections");
    let paths = || {
        let entries = std::fs::read_dir(&projections).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let before = paths();
    let whole: Vec<Vec<u8>> = before
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    for (at, (path, bytes)) in before.iter().zip(&whole).enumerate() {
        match [0, 7, 40, bytes.len() - 1].get(at) {
            Some(length) => std::fs::write(path, &bytes[..*length]).unwrap(),
            None => std::fs::remove_file(path).unwrap(),
        }
    }
    std::fs::write(projections.join("of-no-file.orders"), "left behind").unwrap();
    assert_answers(&warehouse, &book, date(2025, 9, 30), 365).await;
    let again = before.iter().map(|path| std::fs::read(path).unwrap());
    assert_eq!(again.collect::<Vec<_>>(), whole);
    // The next sync removes what belongs to no file.
    live(&mut book, &mut random, 5);
    warehouse.sync(book.take_batch()).await.unwrap();
    assert!(!projections.join("of-no-file.orders").exists());
    assert_eq!(warehouse.wrong_projections().await.unwrap(), 0);
    assert_answers(&warehouse, &book, date(2025, 9, 30), 365).await;
}

async fn rebuild(warehouse: &Warehouse, book: &Book) {
    let mut rebuild = warehouse.rebuild(book.seq);
    for piece in book.pieces() {
        rebuild.push(piece).await.unwrap();
    }
    rebuild.finish().await.unwrap();
}

/// Takes back the last commit of a table.
fn uncommit(table: Table, folder: &TempDir) {
    let log = folder.path().join(table.name()).join("_delta_log");
    let files = std::fs::read_dir(log)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let commits = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    std::fs::remove_file(commits.max().unwrap()).unwrap();
}

#[tokio::test]
async fn a_killed_rebuild_is_never_taken_for_a_finished_one() {
    let mut book = Book::with_stores();
    live(&mut book, &mut Random(31), 60);
    let folder = TempDir::new().unwrap();
    let warehouse = open(&folder).await;
    warehouse.sync(book.take_batch()).await.unwrap();
    rebuild(&warehouse, &book).await;
    drop(warehouse);
    uncommit(Table::Orders, &folder);
    uncommit(Table::OrderLines, &folder);

    let warehouse = open(&folder).await;
    assert_eq!(warehouse.position(), -1);
    live(&mut book, &mut Random(32), 10);
    let refused = warehouse.sync(book.take_batch()).await;
    assert!(matches!(refused, Err(Error::Unfinished)), "{refused:?}");
    rebuild(&warehouse, &book).await;
    assert_equal(&warehouse, &book).await;
    live(&mut book, &mut Random(33), 10);
    book.sent = warehouse.position();
    warehouse.sync(book.take_batch()).await.unwrap();
    assert_equal(&warehouse, &book).await;
}

#[tokio::test]
async fn a_lost_table_asks_for_a_rebuild() {
    for table in Table::ALL {
        let mut book = Book::with_stores();
        live(&mut book, &mut Random(41), 30);
        let folder = TempDir::new().unwrap();
        let warehouse = open(&folder).await;
        warehouse.sync(book.take_batch()).await.unwrap();
        drop(warehouse);
        std::fs::remove_dir_all(folder.path().join(table.name())).unwrap();
        let warehouse = open(&folder).await;
        assert_eq!(warehouse.position(), -1, "without {}", table.name());
        rebuild(&warehouse, &book).await;
        assert_equal(&warehouse, &book).await;
    }
}
