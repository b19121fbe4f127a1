//! Stores and products that rows name, found or made.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::order::{LineDoc, OrderDoc};
use crate::{
    ctx::Ctx,
    db::{Tx, What, among, insert_all},
    error::Result,
    features::{products::entity::product, stores::entity::store},
};

/// A store as a row names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StoreRef {
    /// Its code, or its name where there is no code.
    pub external_id: String,
    /// The name to show.
    pub name: String,
}

/// A store's clock.
#[derive(Debug, Clone)]
struct StorePlace {
    id: i64,
    zone: Option<TimeZone>,
    cut: i64,
}

/// Stores and products known to an import; what it makes is remembered only
/// after the commit that made it.
#[derive(Debug, Clone, Default)]
pub struct Places {
    source: String,
    stores: HashMap<String, StorePlace>,
    products: HashMap<String, i64>,
}

/// Stores and products one chunk makes.
#[derive(Debug, Clone, Default)]
pub struct NewPlaces {
    stores: Vec<(i64, StoreRef, &'static str)>,
    products: Vec<(i64, LineDoc)>,
}

impl NewPlaces {
    /// How many stores and products.
    pub const fn counts(&self) -> (usize, usize) {
        (self.stores.len(), self.products.len())
    }
}

const LOOK_UP: usize = 10_000;

impl Places {
    /// Loads every store; a store of another source counts where no own one has the name.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn load(connection: &impl ConnectionTrait, source: &str) -> Result<Self> {
        let mut stores = HashMap::new();
        let all = store::Entity::find().all(connection).await?;
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.source == source);
        for row in others.iter().chain(&own) {
            let zone = (!row.time_zone.is_empty())
                .then(|| TimeZone::get(&row.time_zone).ok())
                .flatten();
            let place = StorePlace {
                id: row.id,
                zone,
                cut: row.day_cut_minutes,
            };
            stores.insert(store_key(&row.name), place.clone());
            stores.insert(store_key(&row.external_id), place);
        }
        Ok(Self {
            source: source.to_owned(),
            stores,
            products: HashMap::new(),
        })
    }

    /// Zone and day cut of a store, with the chain's where it has none.
    pub fn clock(
        &self,
        wanted: Option<&StoreRef>,
        house: &(TimeZone, i64),
    ) -> Option<(TimeZone, i64)> {
        let place = self.stores.get(&store_key(&wanted?.external_id))?;
        Some((
            place.zone.clone().unwrap_or_else(|| house.0.clone()),
            place.cut,
        ))
    }

    /// The id of a known store.
    pub fn store(&self, wanted: &StoreRef) -> Option<i64> {
        self.stores
            .get(&store_key(&wanted.external_id))
            .or_else(|| self.stores.get(&store_key(&wanted.name)))
            .map(|place| place.id)
    }

    /// The id of a known product.
    pub fn product(&self, line: &LineDoc) -> Option<i64> {
        self.products.get(product_key(line)).copied()
    }

    /// Makes the stores nobody knows yet.
    pub fn plan_stores(
        &mut self,
        ctx: &Ctx,
        named: impl Iterator<Item = (StoreRef, &'static str)>,
    ) -> NewPlaces {
        let mut new = NewPlaces::default();
        for (wanted, channel) in named {
            if self.store(&wanted).is_some() {
                continue;
            }
            let id = ctx.next_id();
            let place = StorePlace {
                id,
                zone: None,
                cut: 0,
            };
            self.stores
                .insert(store_key(&wanted.external_id), place.clone());
            self.stores.entry(store_key(&wanted.name)).or_insert(place);
            new.stores.push((id, wanted, channel));
        }
        new
    }

    /// Finds the products of some orders and makes what is missing.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn plan(
        &mut self,
        connection: &impl ConnectionTrait,
        ctx: &Ctx,
        orders: &[&OrderDoc],
    ) -> Result<NewPlaces> {
        let named = orders
            .iter()
            .filter_map(|order| Some((order.store.clone()?, order.channel)));
        let mut new = self.plan_stores(ctx, named);
        let lines = || {
            orders
                .iter()
                .flat_map(|order| &order.lines)
                .filter(|line| !product_key(line).is_empty())
        };
        let mut missing: Vec<&str> = lines()
            .map(product_key)
            .filter(|key| !self.products.contains_key(*key))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        for part in missing.chunks(LOOK_UP) {
            let found: Vec<(i64, String)> = product::Entity::find()
                .select_only()
                .column(product::Column::Id)
                .column(product::Column::ExternalId)
                .filter(product::Column::Source.eq(self.source.as_str()))
                .filter(among(
                    connection,
                    product::Column::ExternalId,
                    part.iter().copied(),
                ))
                .into_tuple()
                .all(connection)
                .await?;
            self.products
                .extend(found.into_iter().map(|(id, key)| (key, id)));
        }
        for line in lines() {
            let key = product_key(line);
            if !self.products.contains_key(key) {
                let id = ctx.next_id();
                self.products.insert(key.to_owned(), id);
                new.products.push((id, line.clone()));
            }
        }
        Ok(new)
    }
}

/// Writes what a chunk made.
///
/// # Errors
/// When the book fails.
pub async fn write(tx: &Tx, new: &NewPlaces, source: &str, import_id: i64) -> Result<()> {
    let now = tx.ctx().now_micros();
    let stores = new
        .stores
        .iter()
        .map(|(id, wanted, channel)| store::ActiveModel {
            id: Set(*id),
            source: Set(source.to_owned()),
            external_id: Set(wanted.external_id.clone()),
            name: Set(wanted.name.clone()),
            country: Set(String::new()),
            region: Set(String::new()),
            currency: Set(String::new()),
            time_zone: Set(String::new()),
            day_cut_minutes: Set(0),
            channel: Set(if channel.is_empty() { "store" } else { channel }.to_owned()),
            phone: Set(String::new()),
            unit_id: Set(None),
            import_id: Set(Some(import_id)),
            created_at: Set(now),
            version: Set(1),
        });
    insert_all::<store::Entity, _>(tx.conn(), stores).await?;
    let products = new.products.iter().map(|(id, line)| product::ActiveModel {
        id: Set(*id),
        source: Set(source.to_owned()),
        external_id: Set(product_key(line).to_owned()),
        name: Set(if line.name.is_empty() {
            &line.sku
        } else {
            &line.name
        }
        .clone()),
        category: Set(line.category.clone()),
        brand: Set(line.brand.clone()),
        size: Set(line.size.clone()),
        import_id: Set(Some(import_id)),
        created_at: Set(now),
        version: Set(1),
    });
    insert_all::<product::Entity, _>(tx.conn(), products).await?;
    for (id, ..) in &new.stores {
        tx.changed("store", *id, What::Created);
    }
    for (id, _) in &new.products {
        tx.changed("product", *id, What::Created);
    }
    Ok(())
}

fn store_key(name: &str) -> String {
    clientele_domain::text::normalize_name(name)
}

/// A product without a code is known by its name.
fn product_key(line: &LineDoc) -> &str {
    if line.sku.is_empty() {
        &line.name
    } else {
        &line.sku
    }
}
