//! The roster: what lists ask about customers, held in memory beside the book.
//!
//! It follows the change feed, and nobody is answered before it has seen everything
//! that was committed when they asked. A million customers take about a hundred
//! megabytes.

mod columns;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait,
};
use tokio::sync::{Mutex, OwnedRwLockReadGuard, RwLock};

pub use self::columns::Alike;
pub(super) use self::columns::Found;
use self::columns::{Columns, Entry};
use super::{
    entity::customer,
    list::{Filter, Place, Sort, to_grade},
};
use crate::{
    access::Scope,
    app::App,
    db::{self, Db, Readers},
    error::Result,
    features::grades::entity::grade,
};

/// Records read at a time.
const STRETCH: u64 = 10_000;
/// Of a list of ids.
const IDS: usize = 1_000;
/// Commits that come close together are followed together.
const PAUSE: Duration = Duration::from_secs(2);
/// Another program on the same book wakes nobody here.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// One per process.
#[derive(Default)]
pub struct Roster {
    kept: Arc<RwLock<Kept>>,
    /// Held by who brings it up to date.
    turn: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    /// The place in the feed it has seen; none before it was read.
    seq: Option<i64>,
    columns: Columns,
}

impl Roster {
    /// The customers of a filter, see [`Columns::find`].
    ///
    /// # Errors
    /// `cursor_invalid`, or when the book fails.
    pub(super) async fn find(
        &self,
        db: &Db,
        scope: &Scope,
        (filter, sort): (&Filter, Sort),
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Found> {
        let keyed = match &filter.query {
            Some(query) => query.keyed(db.read()).await?,
            None => Vec::new(),
        };
        let (scope, filter, after) = (scope.clone(), filter.clone(), after.cloned());
        self.ask(db, move |columns| {
            columns.find(&scope, (&filter, &keyed), sort, after.as_ref(), limit)
        })
        .await?
    }

    /// Everybody with a grade whom the scope reaches, those who are alike together.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn spread(&self, db: &Db, scope: &Scope) -> Result<Vec<Alike>> {
        let scope = scope.clone();
        self.ask(db, move |columns| columns.spread(&scope)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        db: &Db,
        question: impl FnOnce(&Columns) -> T + Send + 'static,
    ) -> Result<T> {
        let kept = self.current(db).await?;
        let answer = tokio::task::spawn_blocking(move || question(&kept.columns)).await;
        Ok(answer.context("looking through the roster")?)
    }

    /// The roster with everything in it that has been committed so far.
    async fn current(&self, db: &Db) -> Result<OwnedRwLockReadGuard<Kept>> {
        let head = db::feed_head(db).await?;
        loop {
            let kept = self.kept.clone().read_owned().await;
            if kept.seq.is_some_and(|seq| seq >= head) {
                return Ok(kept);
            }
            drop(kept);
            let _turn = self.turn.lock().await;
            let (seq, known) = {
                let kept = self.kept.read().await;
                (kept.seq, kept.columns.len())
            };
            match seq {
                Some(seq) if seq >= head => {}
                Some(seq) => self.catch_up(db, (seq, head), known).await?,
                None => self.read_all(db, head).await?,
            }
        }
    }

    async fn catch_up(&self, db: &Db, (seq, head): (i64, i64), known: usize) -> Result<()> {
        let changed = db::changed_since(db, &["customer", "grade"], seq).await?;
        // Reading everybody in order is four times faster than one by one.
        if changed.len() > STRETCH as usize && changed.len() > known / 4 {
            return self.read_all(db, head).await;
        }
        let mut entries = Vec::with_capacity(changed.len());
        for ids in changed.chunks(IDS) {
            let some = db::among(db.read(), customer::Column::Id, ids.iter().copied());
            entries.extend(read(db.read(), some, IDS as u64).await?);
        }
        let mut kept = self.kept.write().await;
        for id in changed {
            kept.columns.forget(id);
        }
        for entry in entries {
            kept.columns.put(&entry)?;
        }
        kept.seq = Some(head);
        Ok(())
    }

    /// What is written meanwhile may be in it or not; the feed tells of it once more.
    async fn read_all(&self, db: &Db, head: i64) -> Result<()> {
        let mut columns = Columns::default();
        let mut last = i64::MIN;
        loop {
            let entries = read(db.read(), customer::Column::Id.gt(last), STRETCH).await?;
            for entry in &entries {
                columns.put(entry)?;
            }
            match entries.last() {
                Some(entry) => last = entry.id,
                None => break,
            }
        }
        *self.kept.write().await = Kept {
            seq: Some(head),
            columns,
        };
        db.forget_pages().await
    }
}

async fn read(
    connection: &Readers,
    which: sea_orm::sea_query::Expr,
    limit: u64,
) -> Result<Vec<Entry>> {
    use customer::Column as C;
    use grade::Column as G;
    let of_customer = [
        C::Id,
        C::GoldenId,
        C::Number,
        C::SearchText,
        C::Country,
        C::HomeStoreId,
        C::OwnerId,
    ];
    let of_grade = [
        G::FavouriteStoreId,
        G::LastOrder,
        G::Frequency,
        G::Monetary,
        G::R,
        G::F,
        G::RfmGroup,
        G::Abc,
        G::Lifecycle,
        G::Tier,
    ];
    let entries = customer::Entity::find()
        .select_only()
        .columns(of_customer)
        .columns(of_grade)
        .join(JoinType::InnerJoin, to_grade())
        .filter(which)
        .order_by_asc(C::Id)
        .limit(limit)
        .into_query();
    let rows = connection.query_all(&entries).await?;
    Ok(rows.iter().map(entry).collect::<Result<_, _>>()?)
}

/// By the places of the columns: finding them by name takes longer than reading them.
fn entry(row: &QueryResult) -> Result<Entry, DbErr> {
    Ok(Entry {
        id: row.try_get_by_index(0)?,
        golden_id: row.try_get_by_index(1)?,
        number: row.try_get_by_index(2)?,
        search_text: row.try_get_by_index(3)?,
        country: row.try_get_by_index(4)?,
        home_store_id: row.try_get_by_index(5)?,
        owner_id: row.try_get_by_index(6)?,
        favourite_store_id: row.try_get_by_index(7)?,
        last_order: row.try_get_by_index(8)?,
        frequency: row.try_get_by_index(9)?,
        monetary: row.try_get_by_index(10)?,
        r: row.try_get_by_index(11)?,
        f: row.try_get_by_index(12)?,
        rfm_group: row.try_get_by_index(13)?,
        abc: row.try_get_by_index(14)?,
        lifecycle: row.try_get_by_index(15)?,
        tier: row.try_get_by_index(16)?,
    })
}

/// Keeps the roster close behind the book until the program ends, so that nobody has
/// to wait until it has caught up.
pub async fn follow_book(app: App) {
    let mut commits = app.db.commits();
    loop {
        commits.borrow_and_update();
        if let Err(error) = app.roster.current(&app.db).await {
            tracing::warn!(%error, "the roster could not be brought up to date");
        }
        tokio::select! {
            changed = commits.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}
