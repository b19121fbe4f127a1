//! Before the first person comes: settings, rates, stores, products.

use std::collections::{BTreeMap, HashMap};

use clientele_domain::money::Currency;
use jiff::{Span, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{
    DemoInput, SOURCE, YEARS,
    chain::{CATEGORIES, PER_DOLLAR, REGIONS, STORES, products},
    dice::{stream, unit},
    rows::Shop,
};
use crate::{
    db::{Tx, What, insert_all},
    error::{Error, Result},
    features::{
        organisation::entity::unit as org_unit,
        products::entity::product,
        settings::{self, Rate},
        stores::entity::store,
    },
    jobs::JobRun,
};

/// Writes what is missing of the chain's frame and reads it back.
pub(super) async fn prepare(run: &JobRun, input: &DemoInput) -> Result<Shop> {
    let input = input.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let input = input.clone();
            Box::pin(async move { write_frame(tx, &input).await })
        })
        .await?;
    load(run).await
}

async fn write_frame(tx: &Tx, input: &DemoInput) -> Result<()> {
    let present = store::Entity::find()
        .filter(store::Column::Source.eq(SOURCE))
        .one(tx.conn())
        .await?;
    if present.is_some() {
        return Ok(());
    }
    let (mut chosen, version) = settings::load_versioned(tx.conn()).await?;
    if chosen.reporting_currency.is_empty() {
        chosen.reporting_currency = "SGD".to_owned();
        chosen.time_zone = "Asia/Singapore".to_owned();
        chosen.country = "SG".to_owned();
    }
    if chosen.chain_name.is_empty() {
        chosen.chain_name = "Harbour & Hill 港山".to_owned();
    }
    let rates = rates(input, &chosen.reporting_currency)?;
    settings::save(tx, chosen, version).await?;
    settings::put_rates(tx, &rates).await?;
    write_stores(tx).await?;
    write_products(tx).await
}

/// Writes regions and countries; answers the unit of each country.
async fn write_units(tx: &Tx) -> Result<HashMap<&'static str, i64>> {
    let mut units = HashMap::new();
    let mut rows = Vec::new();
    let mut add = |kind: &str, name: &str, parent_id: Option<i64>| {
        let id = tx.ctx().next_id();
        tx.changed("unit", id, What::Created);
        rows.push(org_unit::ActiveModel {
            id: Set(id),
            parent_id: Set(parent_id),
            kind: Set(kind.to_owned()),
            name: Set(name.to_owned()),
            created_at: Set(tx.ctx().now_micros()),
            version: Set(1),
        });
        id
    };
    for (region, countries) in REGIONS {
        let above = add("region", region, None);
        for (code, country) in countries {
            units.insert(*code, add("country", country, Some(above)));
        }
    }
    insert_all::<org_unit::Entity, _>(tx.conn(), rows).await?;
    Ok(units)
}

async fn write_stores(tx: &Tx) -> Result<()> {
    let units = write_units(tx).await?;
    let mut rows = Vec::new();
    for seed in &STORES {
        let id = tx.ctx().next_id();
        tx.changed("store", id, What::Created);
        rows.push(store::ActiveModel {
            id: Set(id),
            source: Set(SOURCE.to_owned()),
            external_id: Set(seed.code.to_owned()),
            name: Set(seed.name.to_owned()),
            country: Set(seed.country.to_owned()),
            region: Set(seed.region.to_owned()),
            currency: Set(seed.currency.to_owned()),
            time_zone: Set(seed.time_zone.to_owned()),
            day_cut_minutes: Set(0),
            channel: Set(seed.channel.to_owned()),
            phone: Set(seed.phone.to_owned()),
            unit_id: Set(match seed.channel {
                "store" => units.get(seed.country).copied(),
                _ => None,
            }),
            import_id: Set(None),
            created_at: Set(tx.ctx().now_micros()),
            version: Set(1),
        });
    }
    insert_all::<store::Entity, _>(tx.conn(), rows).await?;
    tx.access_changed().await
}

async fn write_products(tx: &Tx) -> Result<()> {
    let mut rows = Vec::new();
    for seed in products() {
        let id = tx.ctx().next_id();
        tx.changed("product", id, What::Created);
        rows.push(product::ActiveModel {
            id: Set(id),
            source: Set(SOURCE.to_owned()),
            external_id: Set(seed.sku),
            name: Set(seed.name),
            category: Set(CATEGORIES[seed.category].name.to_owned()),
            brand: Set(seed.brand.to_owned()),
            size: Set(seed.size.to_owned()),
            import_id: Set(None),
            created_at: Set(tx.ctx().now_micros()),
            version: Set(1),
        });
    }
    insert_all::<product::Entity, _>(tx.conn(), rows).await
}

/// A rate a month for every currency of the chain, drifting by a few percent.
fn rates(input: &DemoInput, reporting: &str) -> Result<Vec<Rate>> {
    let per_dollar: BTreeMap<&str, i64> = PER_DOLLAR.into_iter().collect();
    let Some(&reporting_units) = per_dollar.get(reporting) else {
        let detail = "The sample chain has no exchange rates to this reporting currency. \
            Choose one of the usual ones, for example SGD or EUR.";
        return Err(Error::conflict("demo_currency_unknown", detail).with("currency", reporting));
    };
    let mut wanted: Vec<&str> = STORES.iter().map(|store| store.currency).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut all = Vec::new();
    for currency in wanted.into_iter().filter(|&currency| currency != reporting) {
        let mut rng = stream(
            input.seed,
            (1 << 62) + u64::from(currency.as_bytes()[0]) * 256 + u64::from(currency.as_bytes()[1]),
        );
        let base = Decimal::from(reporting_units) / Decimal::from(per_dollar[currency]);
        let mut drift: i64 = 10_000;
        let mut month: Date = (input.until - Span::new().years(YEARS).months(1)).first_of_month();
        while month <= input.until {
            let rate = (base * Decimal::new(drift, 4)).round_dp(6).normalize();
            let valid_from = month.to_string();
            all.push(Rate {
                currency: currency.to_owned(),
                valid_from,
                rate: rate.to_string(),
            });
            drift = (drift + (unit(&mut rng) * 161.0) as i64 - 80).clamp(9_200, 10_800);
            month += Span::new().months(1);
        }
    }
    Ok(all)
}

async fn load(run: &JobRun) -> Result<Shop> {
    let connection = run.app.db.read();
    let by_code: BTreeMap<String, i64> = store::Entity::find()
        .filter(store::Column::Source.eq(SOURCE))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.external_id, row.id))
        .collect();
    let by_sku: BTreeMap<String, i64> = product::Entity::find()
        .filter(product::Column::Source.eq(SOURCE))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.external_id, row.id))
        .collect();
    let missing = || anyhow::anyhow!("the sample chain's stores or products were changed");
    let products = products();
    let store_ids = STORES.iter().map(|store| by_code.get(store.code).copied());
    let product_ids = products
        .iter()
        .map(|product| by_sku.get(&product.sku).copied());
    let reporting = settings::load(connection).await?.reporting_currency;
    let currency = |code: &str| {
        Currency::parse(code).map_err(|_| anyhow::anyhow!("the currency {code} is unknown"))
    };
    Ok(Shop {
        store_ids: store_ids.collect::<Option<_>>().ok_or_else(missing)?,
        product_ids: product_ids.collect::<Option<_>>().ok_or_else(missing)?,
        zones: STORES
            .iter()
            .map(|store| TimeZone::get(store.time_zone))
            .collect::<Result<_, _>>()
            .map_err(|error| anyhow::anyhow!("a zone of the sample chain is unknown: {error}"))?,
        currencies: STORES
            .iter()
            .map(|store| currency(store.currency))
            .collect::<Result<_, _>>()?,
        rates: settings::load_rates(connection).await?,
        reporting: currency(&reporting)?,
        products,
    })
}
