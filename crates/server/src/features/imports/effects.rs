//! Before-images: what an import changed and how to put it back.

use sea_orm::{Set, sea_query::OnConflict};
use serde::Serialize;

use super::entity::effect;
use crate::{
    db::{Tx, upsert_all},
    error::Result,
};

/// One changed row.
pub struct Effect {
    noun: &'static str,
    id: i64,
    before: String,
    after_version: i64,
}

impl Effect {
    /// Keeps a row as it was.
    ///
    /// # Errors
    /// Never in practice: rows are plain data.
    pub fn new(
        noun: &'static str,
        id: i64,
        before: &impl Serialize,
        after_version: i64,
    ) -> Result<Self> {
        Ok(Self {
            noun,
            id,
            before: serde_json::to_string(before)?,
            after_version,
        })
    }
}

/// Writes before-images; the first one of a row stays, the version is the last one's.
///
/// # Errors
/// When the book fails.
pub async fn remember(tx: &Tx, import_id: i64, effects: Vec<Effect>) -> Result<()> {
    let rows = effects.into_iter().map(|one| effect::ActiveModel {
        import_id: Set(import_id),
        noun: Set(one.noun.to_owned()),
        noun_id: Set(one.id),
        before: Set(one.before),
        after_version: Set(one.after_version),
    });
    let keys = [
        effect::Column::ImportId,
        effect::Column::Noun,
        effect::Column::NounId,
    ];
    let keep_before = OnConflict::columns(keys)
        .update_column(effect::Column::AfterVersion)
        .to_owned();
    upsert_all::<effect::Entity, _>(tx.conn(), rows, keep_before).await
}
