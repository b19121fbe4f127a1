//! Building the copy anew from the book.

use std::collections::HashSet;

use clientele_warehouse::{Piece, Rebuild};
use futures::future::BoxFuture;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::book::{
    Copied, CustomerRecord, OrderRecord, ProductRecord, StoreRecord, after, lines_between,
};
use crate::{
    app::App,
    db,
    error::{Error, Result},
    features::{
        customers::entity::customer, orders::entity::order, products::entity::product,
        stores::entity::store,
    },
    jobs::{JobRun, Outcome},
};

/// Rows read at a time.
const PAGE: u64 = 20_000;
/// Changes read at a time, to see what appeared meanwhile.
const CHANGES: u64 = 100_000;

/// Who hears of the progress.
pub(super) trait Watch: Sync {
    /// Hears how many rows are done; an error ends the rebuild, and the old
    /// copy stays.
    fn done(&self, rows: i64, total: i64) -> BoxFuture<'_, Result<()>>;
}

/// Nobody.
pub(super) struct Quiet;

impl Watch for Quiet {
    fn done(&self, _rows: i64, _total: i64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

impl Watch for JobRun {
    fn done(&self, rows: i64, total: i64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.progress("copy", rows, total).await?;
            match self.stop_here().await? {
                None => Ok(()),
                Some(_) => Err(Error::conflict(
                    "stopped",
                    "Somebody asked the job to stop.",
                )),
            }
        })
    }
}

/// Runs the job `rebuild_warehouse`.
///
/// # Errors
/// When book or warehouse fail; the old copy stays.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let app = &run.app;
    let rows = {
        let _turn = app.shared.turn().await;
        match from_book(app, run).await {
            Err(error) if error.code() == "stopped" => {
                return Ok(run.stop_here().await?.unwrap_or(Outcome::Cancelled));
            }
            outcome => outcome?,
        }
    };
    let position = super::sync_now(app).await?;
    Ok(Outcome::Done(json!({ "rows": rows, "position": position })))
}

/// Reads the whole book into a new copy and answers how many rows it has.
/// The caller holds the turn.
pub(super) async fn from_book(app: &App, watch: &impl Watch) -> Result<i64> {
    let position = db::feed_head(&app.db).await?;
    let connection = app.db.read();
    let total = customer::Entity::find().count(connection).await?
        + store::Entity::find().count(connection).await?
        + product::Entity::find().count(connection).await?
        + order::Entity::find().count(connection).await?;
    let mut copy = Copying {
        app,
        watch,
        rebuild: app.warehouse.rebuild(position),
        newer: Newer {
            seen: position,
            ids: HashSet::new(),
        },
        rows: 0,
        total: total as i64,
    };
    copy.table::<StoreRecord>("store", |stores| Piece {
        stores,
        ..Piece::default()
    })
    .await?;
    copy.table::<ProductRecord>("product", |products| Piece {
        products,
        ..Piece::default()
    })
    .await?;
    copy.table::<CustomerRecord>("customer", |customers| Piece {
        customers,
        ..Piece::default()
    })
    .await?;
    copy.orders().await?;
    let rows = copy.rows;
    copy.rebuild.finish().await?;
    Ok(rows)
}

/// Rows that appeared in the book after the rebuild began. They come with the
/// feed, as new rows, so they must not be in the copy already.
struct Newer {
    seen: i64,
    ids: HashSet<(String, i64)>,
}

impl Newer {
    async fn look(&mut self, app: &App) -> Result<()> {
        loop {
            let changes = db::changes_after(&app.db, self.seen, CHANGES).await?;
            let Some(last) = changes.last() else {
                return Ok(());
            };
            self.seen = last.seq;
            let created = changes
                .into_iter()
                .filter(|change| change.what == "created");
            self.ids
                .extend(created.map(|change| (change.noun, change.noun_id)));
        }
    }

    fn has(&self, noun: &str, id: i64) -> bool {
        !self.ids.is_empty() && self.ids.contains(&(noun.to_owned(), id))
    }
}

struct Copying<'a, W> {
    app: &'a App,
    watch: &'a W,
    rebuild: Rebuild<'a>,
    newer: Newer,
    rows: i64,
    total: i64,
}

impl<W: Watch> Copying<'_, W> {
    async fn table<T: Copied>(
        &mut self,
        noun: &str,
        piece: impl Fn(Vec<T::Row>) -> Piece,
    ) -> Result<()> {
        let mut last = i64::MIN;
        while let Some(rows) = self.page::<T>(noun, &mut last).await? {
            let count = rows.len();
            self.rebuild.push(piece(rows)).await?;
            self.advance(count).await?;
        }
        Ok(())
    }

    async fn orders(&mut self) -> Result<()> {
        let mut last = i64::MIN;
        loop {
            let first = last.saturating_add(1);
            let Some(orders) = self.page::<OrderRecord>("order", &mut last).await? else {
                return Ok(());
            };
            let count = orders.len();
            let kept: HashSet<i64> = orders.iter().map(|order| order.id).collect();
            let mut order_lines = lines_between(&self.app.db, first, last).await?;
            order_lines.retain(|line| kept.contains(&line.order_id));
            let piece = Piece {
                orders,
                order_lines,
                ..Piece::default()
            };
            self.rebuild.push(piece).await?;
            self.advance(count).await?;
        }
    }

    /// The next rows without the newer ones; none at the end of the table.
    async fn page<T: Copied>(&mut self, noun: &str, last: &mut i64) -> Result<Option<Vec<T::Row>>> {
        let mut rows = after::<T>(&self.app.db, *last, PAGE).await?;
        let Some(end) = rows.last() else {
            return Ok(None);
        };
        *last = T::id(end);
        // Looking after reading: whatever was read is in the feed by now.
        self.newer.look(self.app).await?;
        rows.retain(|row| !self.newer.has(noun, T::id(row)));
        Ok(Some(rows))
    }

    async fn advance(&mut self, rows: usize) -> Result<()> {
        self.rows += rows as i64;
        self.watch.done(self.rows, self.total.max(self.rows)).await
    }
}
