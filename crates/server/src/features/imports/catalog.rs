//! Lists of products and stores: new, changed or the same.

use std::collections::HashMap;

use clientele_domain::{mapping, money::Currency, phone};
use clientele_files::Row;
use jiff::tz::TimeZone;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    cells,
    chunk::{Chunk, Counts, Doc},
    effects::{Effect, remember},
    images::{ProductRow, StoreRow},
    options::Reading,
    problem::RowProblem,
    status,
};
use crate::{
    db::{Tx, What, among, insert_all},
    error::Result,
    features::{products::entity::product, stores::entity::store},
};

/// A product as a list gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductDoc {
    pub sku: String,
    pub name: String,
    pub category: String,
    pub brand: String,
    pub size: String,
}

/// A store as a list gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreDoc {
    pub code: String,
    pub name: String,
    pub country: String,
    pub region: String,
    pub currency: String,
    pub time_zone: String,
    pub day_cut_minutes: Option<i64>,
    pub channel: String,
    pub phone: String,
}

/// Reads a row of a product list.
///
/// # Errors
/// `sku_missing`.
pub fn product(row: &Row, reading: &Reading) -> Result<ProductDoc, RowProblem> {
    let at = |key: &str| cells::words(row, reading.column(key));
    let doc = ProductDoc {
        sku: at("sku"),
        name: at("name"),
        category: at("category"),
        brand: at("brand"),
        size: at("size"),
    };
    if doc.sku.is_empty() {
        Err(RowProblem::new("sku", "sku_missing"))
    } else {
        Ok(doc)
    }
}

/// Reads a row of a store list.
///
/// # Errors
/// When the store has no name, or a cell that sets its clock or money is not understood.
pub fn store(row: &Row, reading: &Reading) -> Result<StoreDoc, RowProblem> {
    let at = |key: &str| cells::words(row, reading.column(key));
    let (code, name) = (at("store_id"), at("name"));
    let code = if code.is_empty() { name.clone() } else { code };
    if code.is_empty() {
        return Err(RowProblem::new("store_id", "store_missing"));
    }
    let country = at("country");
    let country_code = match country.as_str() {
        "" => String::new(),
        name => mapping::country(name)
            .ok_or_else(|| RowProblem::new("country", "country_unknown").value(name))?
            .code
            .to_owned(),
    };
    let currency = at("currency").to_uppercase();
    if !currency.is_empty() && Currency::parse(&currency).is_err() {
        return Err(RowProblem::new("currency", "currency_unknown").value(&currency));
    }
    let time_zone = at("time_zone");
    if !time_zone.is_empty() && TimeZone::get(&time_zone).is_err() {
        return Err(RowProblem::new("time_zone", "time_zone_unknown").value(&time_zone));
    }
    let cut = at("day_cut_minutes");
    let day_cut_minutes = match cut.as_str() {
        "" => None,
        text => Some(
            text.parse()
                .ok()
                .filter(|minutes| (0..=720).contains(minutes))
                .ok_or_else(|| RowProblem::new("day_cut_minutes", "number_invalid").value(text))?,
        ),
    };
    let channel = at("channel");
    let known = ["store", "web", "mini_program", "marketplace"];
    let channel = if known.contains(&channel.as_str()) {
        channel
    } else {
        status::channel(&channel).to_owned()
    };
    let phone = phone::normalize(&at("phone"), &country_code)
        .valid()
        .unwrap_or_default();
    Ok(StoreDoc {
        name: if name.is_empty() { code.clone() } else { name },
        code,
        country: country_code,
        region: at("region"),
        currency,
        time_zone,
        day_cut_minutes,
        channel,
        phone,
    })
}

impl ProductDoc {
    /// Takes in what a later row of the same file says of the same product.
    pub fn follow(&mut self, later: &Self) {
        *self = Self {
            sku: later.sku.clone(),
            name: fill(&later.name, &self.name),
            category: fill(&later.category, &self.category),
            brand: fill(&later.brand, &self.brand),
            size: fill(&later.size, &self.size),
        };
    }
}

impl StoreDoc {
    /// Takes in what a later row of the same file says of the same store.
    pub fn follow(&mut self, later: &Self) {
        *self = Self {
            code: later.code.clone(),
            name: fill(&later.name, &self.name),
            country: fill(&later.country, &self.country),
            region: fill(&later.region, &self.region),
            currency: fill(&later.currency, &self.currency),
            time_zone: fill(&later.time_zone, &self.time_zone),
            day_cut_minutes: later.day_cut_minutes.or(self.day_cut_minutes),
            channel: fill(&later.channel, &self.channel),
            phone: fill(&later.phone, &self.phone),
        };
    }
}

fn fill(new: &str, old: &str) -> String {
    if new.is_empty() { old } else { new }.to_owned()
}

async fn known_products(
    connection: &impl ConnectionTrait,
    source: &str,
    docs: &[(&ProductDoc, u64)],
) -> Result<HashMap<String, product::Model>> {
    let rows = product::Entity::find()
        .filter(product::Column::Source.eq(source))
        .filter(among(
            connection,
            product::Column::ExternalId,
            docs.iter().map(|(doc, _)| doc.sku.as_str()),
        ))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.external_id.clone(), row))
        .collect())
}

async fn known_stores(
    connection: &impl ConnectionTrait,
    source: &str,
    docs: &[(&StoreDoc, u64)],
) -> Result<HashMap<String, store::Model>> {
    let rows = store::Entity::find()
        .filter(store::Column::Source.eq(source))
        .filter(among(
            connection,
            store::Column::ExternalId,
            docs.iter().map(|(doc, _)| doc.code.as_str()),
        ))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.external_id.clone(), row))
        .collect())
}

/// Rows to insert and to overwrite.
pub struct Plan<M> {
    new: Vec<M>,
    changed: Vec<(M, M)>,
}

impl<M> Default for Plan<M> {
    fn default() -> Self {
        Self {
            new: Vec::new(),
            changed: Vec::new(),
        }
    }
}

/// Compares products with the book.
///
/// # Errors
/// When the book fails.
pub async fn plan_products(
    connection: &impl ConnectionTrait,
    chunk: &Chunk,
    context: &Context<'_>,
    counts: &mut Counts,
) -> Result<Plan<product::Model>> {
    let docs: Vec<(&ProductDoc, u64)> = chunk
        .docs
        .iter()
        .filter_map(|doc| match doc {
            Doc::Product(doc, rows) => Some((doc, *rows)),
            _ => None,
        })
        .collect();
    let known = known_products(connection, context.source, &docs).await?;
    let mut plan = Plan::default();
    for (doc, rows) in docs {
        let merged = |old: &product::Model| product::Model {
            name: fill(&doc.name, &old.name),
            category: fill(&doc.category, &old.category),
            brand: fill(&doc.brand, &old.brand),
            size: fill(&doc.size, &old.size),
            ..old.clone()
        };
        if let Some(old) = known.get(&doc.sku) {
            note(
                &mut plan,
                old,
                merged(old),
                |row| row.version += 1,
                (counts, rows),
                |counts| counts.products_updated += 1,
            );
        } else {
            plan.new.push(product::Model {
                id: (context.next_id)(),
                source: context.source.to_owned(),
                external_id: doc.sku.clone(),
                name: fill(&doc.name, &doc.sku),
                category: doc.category.clone(),
                brand: doc.brand.clone(),
                size: doc.size.clone(),
                import_id: Some(context.import_id),
                created_at: context.now,
                version: 1,
            });
            counts.rows_new += rows;
            counts.products_new += 1;
        }
    }
    Ok(plan)
}

/// Compares stores with the book.
///
/// # Errors
/// When the book fails.
pub async fn plan_stores(
    connection: &impl ConnectionTrait,
    chunk: &Chunk,
    context: &Context<'_>,
    counts: &mut Counts,
) -> Result<Plan<store::Model>> {
    let docs: Vec<(&StoreDoc, u64)> = chunk
        .docs
        .iter()
        .filter_map(|doc| match doc {
            Doc::Store(doc, rows) => Some((doc, *rows)),
            _ => None,
        })
        .collect();
    let known = known_stores(connection, context.source, &docs).await?;
    let mut plan = Plan::default();
    for (doc, rows) in docs {
        let merged = |old: &store::Model| store::Model {
            name: fill(&doc.name, &old.name),
            country: fill(&doc.country, &old.country),
            region: fill(&doc.region, &old.region),
            currency: fill(&doc.currency, &old.currency),
            time_zone: fill(&doc.time_zone, &old.time_zone),
            day_cut_minutes: doc.day_cut_minutes.unwrap_or(old.day_cut_minutes),
            channel: fill(&doc.channel, &old.channel),
            phone: fill(&doc.phone, &old.phone),
            ..old.clone()
        };
        if let Some(old) = known.get(&doc.code) {
            note(
                &mut plan,
                old,
                merged(old),
                |row| row.version += 1,
                (counts, rows),
                |counts| counts.stores_updated += 1,
            );
        } else {
            plan.new.push(store::Model {
                id: (context.next_id)(),
                source: context.source.to_owned(),
                external_id: doc.code.clone(),
                name: doc.name.clone(),
                country: doc.country.clone(),
                region: doc.region.clone(),
                currency: doc.currency.clone(),
                time_zone: doc.time_zone.clone(),
                day_cut_minutes: doc.day_cut_minutes.unwrap_or(0),
                channel: fill(&doc.channel, "store"),
                phone: doc.phone.clone(),
                unit_id: None,
                import_id: Some(context.import_id),
                created_at: context.now,
                version: 1,
            });
            counts.rows_new += rows;
            counts.stores_new += 1;
        }
    }
    Ok(plan)
}

/// What planning needs besides the rows.
pub struct Context<'a> {
    pub source: &'a str,
    pub import_id: i64,
    pub now: i64,
    pub next_id: &'a (dyn Fn() -> i64 + Sync),
}

fn note<M: Clone + PartialEq>(
    plan: &mut Plan<M>,
    old: &M,
    mut new: M,
    bump: fn(&mut M),
    (counts, rows): (&mut Counts, u64),
    count: fn(&mut Counts),
) {
    if *old == new {
        counts.rows_unchanged += rows;
        return;
    }
    bump(&mut new);
    counts.rows_updated += rows;
    count(counts);
    plan.changed.push((old.clone(), new));
}

/// Writes planned products.
///
/// # Errors
/// When the book fails.
pub async fn write_products(tx: &Tx, plan: Plan<product::Model>, import_id: i64) -> Result<()> {
    for row in &plan.new {
        tx.changed("product", row.id, What::Created);
    }
    let rows = plan
        .new
        .into_iter()
        .map(|row| product::ActiveModel::from(ProductRow::from(row)));
    insert_all::<product::Entity, _>(tx.conn(), rows).await?;
    let mut effects = Vec::new();
    for (old, new) in plan.changed {
        effects.push(Effect::new(
            "product",
            old.id,
            &ProductRow::from(old.clone()),
            new.version,
        )?);
        tx.changed("product", new.id, What::Updated);
        let mut change = product::ActiveModel::from(ProductRow::from(new));
        change.id = sea_orm::ActiveValue::Unchanged(old.id);
        change.update(tx.conn()).await?;
    }
    remember(tx, import_id, effects).await
}

/// Writes planned stores.
///
/// # Errors
/// When the book fails.
pub async fn write_stores(tx: &Tx, plan: Plan<store::Model>, import_id: i64) -> Result<()> {
    for row in &plan.new {
        tx.changed("store", row.id, What::Created);
    }
    let rows = plan
        .new
        .into_iter()
        .map(|row| store::ActiveModel::from(StoreRow::from(row)));
    insert_all::<store::Entity, _>(tx.conn(), rows).await?;
    let mut effects = Vec::new();
    for (old, new) in plan.changed {
        effects.push(Effect::new(
            "store",
            old.id,
            &StoreRow::from(old.clone()),
            new.version,
        )?);
        tx.changed("store", new.id, What::Updated);
        let mut change = store::ActiveModel::from(StoreRow::from(new));
        change.id = sea_orm::ActiveValue::Unchanged(old.id);
        change.update(tx.conn()).await?;
    }
    remember(tx, import_id, effects).await
}
