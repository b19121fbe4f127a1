//! The change feed: what every committed transaction changed, in commit order.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict,
};

use super::{Db, Tx};
use crate::{entities::feed_position, error::Result};

pub use change::Model as Change;

/// Rows of the feed.
pub mod change {
    use sea_orm::entity::prelude::*;

    /// One change of one row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        /// Position in the feed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        /// When, in microseconds.
        pub at: i64,
        /// Which kind of row.
        pub noun: String,
        /// Which row.
        pub noun_id: i64,
        /// `created`, `updated` or `deleted`.
        pub what: String,
        /// Who, 0 for the program itself.
        pub actor: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Changes after a position, oldest first.
///
/// # Errors
/// When the book fails.
pub async fn changes_after(db: &Db, seq: i64, limit: u64) -> Result<Vec<Change>> {
    Ok(change::Entity::find()
        .filter(change::Column::Seq.gt(seq))
        .order_by_asc(change::Column::Seq)
        .limit(limit)
        .all(db.read())
        .await?)
}

/// The rows of some kinds that changed after a position, in the order of their ids.
///
/// # Errors
/// When the book fails.
pub async fn changed_since(db: &Db, nouns: &[&str], seq: i64) -> Result<Vec<i64>> {
    let mut ids: Vec<i64> = change::Entity::find()
        .select_only()
        .column(change::Column::NounId)
        .filter(change::Column::Seq.gt(seq))
        .filter(change::Column::Noun.is_in(nouns.iter().copied()))
        .into_tuple()
        .all(db.read())
        .await?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The newest position of the feed, 0 when nothing was ever written.
///
/// # Errors
/// When the book fails.
pub async fn feed_head(db: &Db) -> Result<i64> {
    let last = change::Entity::find()
        .order_by_desc(change::Column::Seq)
        .limit(1)
        .one(db.read())
        .await?;
    Ok(last.map_or(0, |change| change.seq))
}

/// How far a reader has come, 0 for one that never read.
///
/// # Errors
/// When the book fails.
pub async fn feed_position(db: &Db, reader: &str) -> Result<i64> {
    let row = feed_position::Entity::find_by_id(reader)
        .one(db.read())
        .await?;
    Ok(row.map_or(0, |row| row.seq))
}

/// Moves a reader, in the transaction that holds its effects.
///
/// # Errors
/// When the book fails.
pub async fn set_feed_position(tx: &Tx, reader: &str, seq: i64) -> Result<()> {
    let row = feed_position::ActiveModel {
        reader: Set(reader.to_owned()),
        seq: Set(seq),
    };
    feed_position::Entity::insert(row)
        .on_conflict(
            OnConflict::column(feed_position::Column::Reader)
                .update_column(feed_position::Column::Seq)
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
