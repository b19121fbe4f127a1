//! Undoing: customers, products and stores an import made, if nothing else
//! stands on them.

use std::collections::HashSet;

use clientele_domain::id::{CustomerId, ImportId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::entity::effect;
use super::undo::{STEP, Step};
use crate::{
    db::{Tx, What},
    error::Result,
    features::{
        customers::entity::{customer, identifier, merge},
        duplicates::entity::pair,
        grades::entity::{grade, history},
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store as place,
        tiers::entity::tier_override,
    },
};

/// Removes records the import made; edited ones stay and are listed, ones that
/// later files or people stand on stay too.
pub(super) async fn customers_step(tx: &Tx, id: ImportId, from: i64) -> Result<Step> {
    let rows = customer::Entity::find()
        .filter(customer::Column::ImportId.eq(id.0))
        .filter(customer::Column::Id.gt(from))
        .order_by_asc(customer::Column::Id)
        .limit(STEP)
        .all(tx.conn())
        .await?;
    let mut step = Step {
        next: rows.last().map(|row| row.id),
        ..Step::default()
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let used = used_records(tx.conn(), id, &ids).await?;
    let overridden: HashSet<i64> = tier_override::Entity::find()
        .filter(tier_override::Column::CustomerId.is_in(ids.clone()))
        .all(tx.conn())
        .await?
        .into_iter()
        .map(|row| row.customer_id)
        .collect();
    let own: HashSet<(i64, i64)> = effect::Entity::find()
        .filter(effect::Column::ImportId.eq(id.0))
        .filter(effect::Column::Noun.eq("customer"))
        .filter(effect::Column::NounId.is_in(ids))
        .all(tx.conn())
        .await?
        .into_iter()
        .map(|row| (row.noun_id, row.after_version))
        .collect();
    let mut gone = Vec::new();
    for row in rows {
        let untouched = row.version == 1 || own.contains(&(row.id, row.version));
        if row.edited_at.is_some()
            || !untouched
            || overridden.contains(&row.id)
            || used.contains(&row.id)
        {
            step.keep("customer", CustomerId(row.id).to_string(), &row.name);
        } else {
            gone.push(row.id);
        }
    }
    step.done = gone.len() as i64;
    remove_customers(tx, gone).await?;
    Ok(step)
}

/// Records that other imports, merges or people use.
async fn used_records(
    connection: &impl ConnectionTrait,
    id: ImportId,
    ids: &[i64],
) -> Result<HashSet<i64>> {
    let ids = || ids.iter().copied();
    let mut used = HashSet::new();
    let orders: Vec<(Option<i64>, Option<i64>)> = order::Entity::find()
        .select_only()
        .columns([order::Column::RecordId, order::Column::CustomerId])
        .filter(
            Condition::any()
                .add(order::Column::RecordId.is_in(ids()))
                .add(order::Column::CustomerId.is_in(ids())),
        )
        .into_tuple()
        .all(connection)
        .await?;
    used.extend(
        orders
            .into_iter()
            .flat_map(|(record, customer)| [record, customer])
            .flatten(),
    );
    let foreign = Condition::any()
        .add(identifier::Column::ImportId.ne(id.0))
        .add(identifier::Column::ImportId.is_null());
    let keys: Vec<i64> = identifier::Entity::find()
        .select_only()
        .column(identifier::Column::RecordId)
        .filter(identifier::Column::RecordId.is_in(ids()))
        .filter(foreign)
        .into_tuple()
        .all(connection)
        .await?;
    used.extend(keys);
    let members: Vec<i64> = customer::Entity::find()
        .select_only()
        .column(customer::Column::GoldenId)
        .filter(customer::Column::GoldenId.is_in(ids()))
        .filter(Expr::col(customer::Column::GoldenId).ne(Expr::col(customer::Column::Id)))
        .into_tuple()
        .all(connection)
        .await?;
    used.extend(members);
    let merges = merge::Entity::find()
        .filter(merge::Column::UndoneAt.is_null())
        .filter(
            Condition::any()
                .add(merge::Column::WinnerId.is_in(ids()))
                .add(merge::Column::LoserId.is_in(ids())),
        )
        .all(connection)
        .await?;
    used.extend(
        merges
            .into_iter()
            .flat_map(|row| [row.winner_id, row.loser_id]),
    );
    Ok(used)
}

async fn remove_customers(tx: &Tx, gone: Vec<i64>) -> Result<()> {
    let connection = tx.conn();
    let ids = || gone.iter().copied();
    // Nobody who was merged is among them.
    identifier::Entity::delete_many()
        .filter(identifier::Column::RecordId.is_in(ids()))
        .exec(connection)
        .await?;
    grade::Entity::delete_many()
        .filter(grade::Column::CustomerId.is_in(ids()))
        .exec(connection)
        .await?;
    history::Entity::delete_many()
        .filter(history::Column::CustomerId.is_in(ids()))
        .exec(connection)
        .await?;
    let either = Condition::any()
        .add(pair::Column::LeftId.is_in(ids()))
        .add(pair::Column::RightId.is_in(ids()));
    pair::Entity::delete_many()
        .filter(either)
        .exec(connection)
        .await?;
    let ended = Condition::any()
        .add(merge::Column::WinnerId.is_in(ids()))
        .add(merge::Column::LoserId.is_in(ids()));
    merge::Entity::delete_many()
        .filter(ended)
        .exec(connection)
        .await?;
    customer::Entity::delete_many()
        .filter(customer::Column::Id.is_in(ids()))
        .exec(connection)
        .await?;
    for id in gone {
        tx.changed("customer", id, What::Deleted);
    }
    Ok(())
}

/// Removes products and stores nobody refers to any more.
pub(super) async fn places_step(tx: &Tx, id: ImportId) -> Result<Step> {
    let connection = tx.conn();
    let made: Vec<i64> = product::Entity::find()
        .select_only()
        .column(product::Column::Id)
        .filter(product::Column::ImportId.eq(id.0))
        .filter(product::Column::Version.eq(1))
        .into_tuple()
        .all(connection)
        .await?;
    for part in made.chunks(10_000) {
        let used: HashSet<i64> = line::Entity::find()
            .select_only()
            .column(line::Column::ProductId)
            .distinct()
            .filter(line::Column::ProductId.is_in(part.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?
            .into_iter()
            .collect();
        let gone: Vec<i64> = part
            .iter()
            .copied()
            .filter(|id| !used.contains(id))
            .collect();
        product::Entity::delete_many()
            .filter(product::Column::Id.is_in(gone.clone()))
            .exec(connection)
            .await?;
        for product_id in gone {
            tx.changed("product", product_id, What::Deleted);
        }
    }
    let stores: Vec<i64> = place::Entity::find()
        .select_only()
        .column(place::Column::Id)
        .filter(place::Column::ImportId.eq(id.0))
        .filter(place::Column::Version.eq(1))
        .into_tuple()
        .all(connection)
        .await?;
    for store_id in stores {
        let sold = order::Entity::find()
            .filter(order::Column::StoreId.eq(store_id))
            .one(connection)
            .await?;
        let home = customer::Entity::find()
            .filter(customer::Column::HomeStoreId.eq(store_id))
            .one(connection)
            .await?;
        if sold.is_none() && home.is_none() {
            place::Entity::delete_by_id(store_id)
                .exec(connection)
                .await?;
            tx.changed("store", store_id, What::Deleted);
        }
    }
    Ok(Step::default())
}
