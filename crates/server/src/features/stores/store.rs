//! Reads of stores.

use std::collections::HashMap;

use clientele_domain::id::StoreId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::entity::store;
use crate::error::{Error, Result};

/// Names of stores by id.
///
/// # Errors
/// When the book fails.
pub async fn names(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, String>> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = store::Entity::find()
        .select_only()
        .column(store::Column::Id)
        .column(store::Column::Name)
        .filter(store::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// One store.
///
/// # Errors
/// `not_found`.
pub async fn by_id(connection: &impl ConnectionTrait, id: StoreId) -> Result<store::Model> {
    store::Entity::find_by_id(id.0)
        .one(connection)
        .await?
        .ok_or_else(|| Error::not_found("store"))
}

/// Stores in the order they were made, after an id.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    after: Option<i64>,
    limit: u64,
) -> Result<(Vec<store::Model>, u64)> {
    let count = store::Entity::find().count(connection).await?;
    let mut select = store::Entity::find()
        .order_by_asc(store::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        select = select.filter(store::Column::Id.gt(after));
    }
    Ok((select.all(connection).await?, count))
}
