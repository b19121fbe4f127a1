//! Takes an import back as a whole: what it made goes, what it changed becomes
//! what it was, and what somebody has edited since stays and is listed.
//!
//! Every step may be repeated: it looks for what is left to do.

use std::collections::HashSet;

use clientele_domain::id::{ImportId, MergeId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, sea_query::Expr,
};
use serde_json::{Value, json};

use super::{
    entity::{effect, import, reject},
    images::{CustomerRow, OrderImage, ProductRow, StoreRow},
    job::JobInput,
    store,
    undo_made::{customers_step, places_step},
};
use crate::{
    db::{Tx, What, insert_all},
    error::Result,
    features::{
        customers::{
            entity::{customer, identifier, merge},
            take_back,
        },
        grades,
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store as place,
    },
    jobs::{JobRun, Outcome},
};

/// Rows of one transaction.
pub(super) const STEP: u64 = 1_000;

/// What one step did.
#[derive(Debug, Clone, Default)]
pub(super) struct Step {
    /// Where the next step begins, if there is one.
    pub next: Option<i64>,
    /// Rows taken back.
    pub done: i64,
    /// What stays, with its name.
    pub kept: Vec<Value>,
}

impl Step {
    pub fn keep(&mut self, noun: &str, id: String, name: &str) {
        self.kept
            .push(json!({ "noun": noun, "id": id, "name": name }));
    }
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Merges,
    Orders,
    Images,
    Identifiers,
    Customers,
    Places,
}

/// Runs the undoing of an import.
///
/// # Errors
/// When the book fails.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let input: JobInput = run.input()?;
    let id = input.import;
    let row = store::find(run.app.db.read(), id).await?;
    if row.state == "undone" {
        // Killed before it could say so.
        let summary: Value = serde_json::from_str(&row.summary)?;
        return Ok(outcome(id, &summary["kept_after_undo"]));
    }
    let mut kept: Vec<Value> = Vec::new();
    let mut done = 0;
    for part in [
        Part::Merges,
        Part::Orders,
        Part::Images,
        Part::Identifiers,
        Part::Customers,
        Part::Places,
    ] {
        let mut from = Some(i64::MIN);
        while let Some(start) = from {
            if let Some(Outcome::Paused) = run.stop_here().await? {
                return Ok(Outcome::Paused);
            }
            let this = run.clone();
            let step = run
                .app
                .db
                .write(&run.ctx, move |tx| {
                    let run = this.clone();
                    Box::pin(async move {
                        let step = step(tx, id, part, start).await?;
                        run.advance(tx, "undoing", done + step.done, row.rows_done)
                            .await?;
                        Ok(step)
                    })
                })
                .await?;
            done += step.done;
            from = step.next;
            kept.extend(step.kept);
            run.announce();
        }
    }
    let kept = Value::Array(kept);
    let kept_again = kept.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let kept = kept_again.clone();
            Box::pin(async move { end(tx, id, kept).await })
        })
        .await?;
    Ok(outcome(id, &kept))
}

fn outcome(id: ImportId, kept: &Value) -> Outcome {
    Outcome::Done(json!({ "import": id, "kept_after_undo": kept }))
}

async fn step(tx: &Tx, id: ImportId, part: Part, from: i64) -> Result<Step> {
    match part {
        Part::Merges => merges_step(tx, id).await,
        Part::Orders => orders_step(tx, id, from).await,
        Part::Images => images_step(tx, id, from).await,
        Part::Identifiers => identifiers_step(tx, id).await,
        Part::Customers => customers_step(tx, id, from).await,
        Part::Places => places_step(tx, id).await,
    }
}

/// The youngest merge first, since later ones stand on earlier ones.
async fn merges_step(tx: &Tx, id: ImportId) -> Result<Step> {
    let rows = merge::Entity::find()
        .filter(merge::Column::ImportId.eq(id.0))
        .filter(merge::Column::UndoneAt.is_null())
        .order_by_desc(merge::Column::Id)
        .limit(200)
        .all(tx.conn())
        .await?;
    for row in &rows {
        take_back(tx, MergeId(row.id)).await?;
    }
    Ok(Step {
        next: rows.last().map(|row| row.id),
        ..Step::default()
    })
}

async fn orders_step(tx: &Tx, id: ImportId, from: i64) -> Result<Step> {
    let rows: Vec<(i64, String, i64)> = order::Entity::find()
        .select_only()
        .columns([
            order::Column::Id,
            order::Column::ExternalId,
            order::Column::Version,
        ])
        .filter(order::Column::ImportId.eq(id.0))
        .filter(order::Column::Id.gt(from))
        .order_by_asc(order::Column::Id)
        .limit(STEP)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let mut step = Step {
        next: rows.last().map(|row| row.0),
        ..Step::default()
    };
    let mut gone = Vec::new();
    for (order_id, number, version) in rows {
        if version == 1 || changed_only_by(tx, id, order_id, version).await? {
            gone.push(order_id);
        } else {
            step.keep(
                "order",
                clientele_domain::id::OrderId(order_id).to_string(),
                &number,
            );
        }
    }
    let lines = line::Entity::delete_many()
        .filter(line::Column::OrderId.is_in(gone.clone()))
        .exec(tx.conn())
        .await?;
    step.done = lines.rows_affected.cast_signed();
    order::Entity::update_many()
        .col_expr(order::Column::OriginalId, Expr::value(Option::<i64>::None))
        .filter(order::Column::OriginalId.is_in(gone.clone()))
        .exec(tx.conn())
        .await?;
    order::Entity::delete_many()
        .filter(order::Column::Id.is_in(gone.clone()))
        .exec(tx.conn())
        .await?;
    for order_id in gone {
        tx.changed("order", order_id, What::Deleted);
    }
    Ok(step)
}

/// Whether the import itself made the later version too.
async fn changed_only_by(tx: &Tx, id: ImportId, order_id: i64, version: i64) -> Result<bool> {
    let own = effect::Entity::find_by_id((id.0, "order".to_owned(), order_id))
        .one(tx.conn())
        .await?;
    Ok(own.is_some_and(|row| row.after_version == version))
}

async fn images_step(tx: &Tx, id: ImportId, from: i64) -> Result<Step> {
    let rows = effect::Entity::find()
        .filter(effect::Column::ImportId.eq(id.0))
        .filter(effect::Column::NounId.gt(from))
        .order_by_asc(effect::Column::NounId)
        .limit(STEP)
        .all(tx.conn())
        .await?;
    let mut step = Step {
        next: rows.last().map(|row| row.noun_id),
        ..Step::default()
    };
    for row in rows {
        let restored = match row.noun.as_str() {
            "order" => restore_order(tx, &row, &mut step).await?,
            "customer" => restore_customer(tx, &row, &mut step).await?,
            "product" => restore_product(tx, &row, &mut step).await?,
            _ => restore_store(tx, &row, &mut step).await?,
        };
        if restored {
            effect::Entity::delete_by_id((row.import_id, row.noun.clone(), row.noun_id))
                .exec(tx.conn())
                .await?;
        }
    }
    Ok(step)
}

async fn restore_order(tx: &Tx, row: &effect::Model, step: &mut Step) -> Result<bool> {
    let Some(now) = order::Entity::find_by_id(row.noun_id)
        .one(tx.conn())
        .await?
    else {
        return Ok(true);
    };
    if now.version != row.after_version {
        step.keep(
            "order",
            clientele_domain::id::OrderId(now.id).to_string(),
            &now.external_id,
        );
        return Ok(false);
    }
    let image: OrderImage = serde_json::from_str(&row.before)?;
    step.done += image.lines.len() as i64;
    let mut before = image.order;
    // Merges may have moved the record to another customer meanwhile.
    before.customer_id = match before.record_id {
        None => None,
        Some(record) => customer::Entity::find_by_id(record)
            .one(tx.conn())
            .await?
            .map(|row| row.golden_id),
    };
    let mut active = order::ActiveModel::from(before);
    active.id = sea_orm::ActiveValue::Unchanged(now.id);
    active.update(tx.conn()).await?;
    line::Entity::delete_many()
        .filter(line::Column::OrderId.eq(now.id))
        .exec(tx.conn())
        .await?;
    insert_all::<line::Entity, _>(
        tx.conn(),
        image.lines.into_iter().map(line::ActiveModel::from),
    )
    .await?;
    tx.changed("order", now.id, What::Updated);
    Ok(true)
}

async fn restore_customer(tx: &Tx, row: &effect::Model, step: &mut Step) -> Result<bool> {
    let Some(now) = customer::Entity::find_by_id(row.noun_id)
        .one(tx.conn())
        .await?
    else {
        return Ok(true);
    };
    if now.version != row.after_version {
        step.keep(
            "customer",
            clientele_domain::id::CustomerId(now.id).to_string(),
            &now.name,
        );
        return Ok(false);
    }
    let before: CustomerRow = serde_json::from_str(&row.before)?;
    let mut active = customer::ActiveModel::from(before);
    active.id = sea_orm::ActiveValue::Unchanged(now.id);
    active.golden_id = sea_orm::ActiveValue::NotSet;
    active.update(tx.conn()).await?;
    step.done += 1;
    tx.changed("customer", now.id, What::Updated);
    Ok(true)
}

async fn restore_product(tx: &Tx, row: &effect::Model, step: &mut Step) -> Result<bool> {
    let Some(now) = product::Entity::find_by_id(row.noun_id)
        .one(tx.conn())
        .await?
    else {
        return Ok(true);
    };
    if now.version != row.after_version {
        step.keep(
            "product",
            clientele_domain::id::ProductId(now.id).to_string(),
            &now.name,
        );
        return Ok(false);
    }
    let before: ProductRow = serde_json::from_str(&row.before)?;
    let mut active = product::ActiveModel::from(before);
    active.id = sea_orm::ActiveValue::Unchanged(now.id);
    active.update(tx.conn()).await?;
    step.done += 1;
    tx.changed("product", now.id, What::Updated);
    Ok(true)
}

async fn restore_store(tx: &Tx, row: &effect::Model, step: &mut Step) -> Result<bool> {
    let Some(now) = place::Entity::find_by_id(row.noun_id)
        .one(tx.conn())
        .await?
    else {
        return Ok(true);
    };
    if now.version != row.after_version {
        step.keep(
            "store",
            clientele_domain::id::StoreId(now.id).to_string(),
            &now.name,
        );
        return Ok(false);
    }
    let before: StoreRow = serde_json::from_str(&row.before)?;
    let mut active = place::ActiveModel::from(before);
    active.id = sea_orm::ActiveValue::Unchanged(now.id);
    active.update(tx.conn()).await?;
    step.done += 1;
    tx.changed("store", now.id, What::Updated);
    Ok(true)
}

/// Keys the import gave to records that were there before.
async fn identifiers_step(tx: &Tx, id: ImportId) -> Result<Step> {
    let own = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(customer::Column::ImportId.eq(id.0))
        .into_query();
    let others = Condition::all()
        .add(identifier::Column::ImportId.eq(id.0))
        .add(identifier::Column::RecordId.not_in_subquery(own));
    let rows = identifier::Entity::find()
        .filter(others)
        .limit(STEP)
        .all(tx.conn())
        .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    identifier::Entity::delete_many()
        .filter(identifier::Column::Id.is_in(ids))
        .exec(tx.conn())
        .await?;
    for customer_id in rows
        .iter()
        .map(|row| row.customer_id)
        .collect::<HashSet<_>>()
    {
        tx.changed("customer", customer_id, What::Updated);
    }
    Ok(Step {
        next: rows.last().map(|row| row.id),
        ..Step::default()
    })
}

async fn end(tx: &Tx, id: ImportId, kept: Value) -> Result<()> {
    let row = store::find(tx.conn(), id).await?;
    let mut summary: Value = serde_json::from_str(&row.summary)?;
    summary["kept_after_undo"] = kept;
    import::Entity::update_many()
        .set(import::ActiveModel {
            summary: Set(summary.to_string()),
            ..Default::default()
        })
        .filter(import::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    reject::Entity::update_many()
        .set(reject::ActiveModel {
            resolved: Set(true),
            ..Default::default()
        })
        .filter(reject::Column::ImportId.eq(id.0))
        .exec(tx.conn())
        .await?;
    grades::enqueue_after_undo(tx, row.created_at).await?;
    store::move_to(tx, id, "undone").await
}
