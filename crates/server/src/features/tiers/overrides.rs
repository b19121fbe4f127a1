//! Reads of what people have decided for single customers.

use std::collections::HashMap;

use clientele_domain::tier::Override;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::entity::tier_override;
use crate::error::Result;

/// A stored decision as the rule takes it.
pub fn decided(row: &tier_override::Model) -> Override {
    Override {
        manual_tier: row.manual_tier.clone(),
        manual_reason: row.manual_reason.clone(),
        manual_until: row.manual_until.parse().ok(),
        floor_tier: row.floor_tier.clone(),
    }
}

/// The decision for one customer, if there ever was one.
///
/// # Errors
/// When the book fails.
pub async fn decided_for(
    connection: &impl ConnectionTrait,
    customer_id: i64,
) -> Result<Option<tier_override::Model>> {
    Ok(tier_override::Entity::find_by_id(customer_id)
        .one(connection)
        .await?)
}

/// The decisions for customers in a span of ids, both ends included.
///
/// # Errors
/// When the book fails.
pub async fn decided_between(
    connection: &impl ConnectionTrait,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, Override>> {
    let rows = tier_override::Entity::find()
        .filter(tier_override::Column::CustomerId.between(first, last))
        .all(connection)
        .await?;
    Ok(rows
        .iter()
        .map(|row| (row.customer_id, decided(row)))
        .collect())
}
