//! Proving that the book is sound and that the copy equals it.

mod book;
mod copy;

use std::time::Duration;

use anyhow::anyhow;
use clientele_warehouse::Warehouse;
use serde::Serialize;

use crate::{
    app::App,
    db,
    error::{Error, Result},
};

/// How often a comparison starts over because somebody wrote meanwhile.
const TRIES: usize = 5;
/// How often a process that may not sync looks whether the other one has.
const LOOKS: usize = 120;

/// What was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Whether everything agrees.
    pub ok: bool,
    /// The newest change in the book.
    pub feed_head: i64,
    /// The last change the copy has seen.
    pub warehouse_position: i64,
    /// One finding for each thing looked at.
    pub findings: Vec<Finding>,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// Whether it is as it must be.
    pub ok: bool,
    /// Rows that differ.
    pub differences: u64,
    /// Figures for people, and where to look first.
    pub detail: String,
    /// What to do, when it is not as it must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

/// What helps when the book itself is damaged.
const RESTORE: &str = "Something else than Clientele wrote to the book, or its disk is failing. \
     Stop the program, put a copy of the data folder aside and go back to the last backup of the \
     book. What an import brought can also be taken back and imported again.";
/// What helps when grades are missing.
const GRADE: &str = "Run `clientele grade`, which grades everybody anew.";
/// What helps when the copy is damaged.
const REBUILD: &str = "Run `clientele warehouse rebuild`, which makes the copy anew from the book.";

impl Finding {
    fn new(name: &str, differences: u64, detail: String, remedy: &'static str) -> Self {
        let ok = differences == 0;
        Finding {
            name: name.to_owned(),
            ok,
            differences,
            detail,
            remedy: (!ok).then_some(remedy),
        }
    }
}

/// Looks at everything. The copy is brought up to date first; a book that is
/// written all the time is looked at again until it stood still.
///
/// # Errors
/// `book_busy`, or when the book fails.
pub async fn check(app: &App) -> Result<Check> {
    // Nothing that is read from a torn file can be believed.
    let pages = book::pages(app).await?;
    if let Some(torn) = pages.iter().find(|finding| !finding.ok) {
        return Ok(Check {
            ok: false,
            feed_head: 0,
            warehouse_position: app.warehouse.position(),
            findings: vec![torn.clone()],
        });
    }
    for _ in 0..TRIES {
        let mut findings = pages.clone();
        let copy = match caught_up(app).await {
            Ok(copy) => copy,
            // What the copy cannot take in is found when it is compared.
            Err(Error::Warehouse(_)) => None,
            Err(error) => return Err(error),
        };
        let warehouse = copy.as_ref().unwrap_or(&app.warehouse);
        let feed_head = db::feed_head(&app.db).await?;
        let warehouse_position = warehouse.position();
        findings.extend(book::findings(app).await?);
        findings.push(copy::position(feed_head, warehouse_position));
        findings.extend(copy::tables(app, warehouse).await?);
        if db::feed_head(&app.db).await? == feed_head {
            return Ok(Check {
                ok: findings.iter().all(|finding| finding.ok),
                feed_head,
                warehouse_position,
                findings,
            });
        }
    }
    Err(Error::conflict(
        "book_busy",
        "The book changed all the time. Check again when no import is running.",
    ))
}

/// Brings the copy to the end of the feed. A process that may not write it
/// waits for the one that may, and looks through an opening of its own.
async fn caught_up(app: &App) -> Result<Option<Warehouse>> {
    if app.is_worker() {
        super::sync_now(app).await?;
        return Ok(None);
    }
    for _ in 0..LOOKS {
        let copy = Warehouse::open(app.warehouse.folder(), app.config.warehouse_options).await?;
        if copy.position() >= db::feed_head(&app.db).await? {
            return Ok(Some(copy));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(anyhow!("the warehouse did not catch up with the book within a minute").into())
}
