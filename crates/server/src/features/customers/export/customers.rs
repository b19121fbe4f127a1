//! The customer file: one row a customer.

use std::collections::HashMap;

use clientele_domain::{
    id::{CustomerId, StoreId},
    money::Currency,
};
use clientele_warehouse::parquet::{Kind, Value};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    access::Scope,
    app::App,
    db::Readers,
    error::Result,
    export::{Format, PAGE, Sheet, Sink},
    features::{
        customers::{
            entity::{customer, identifier},
            list::{self, Filter, Sort, golden_in, to_grade},
            row::Names,
        },
        grades::{days_since, entity::grade, graded_as_of},
        stores,
    },
    http::instant,
};

const COLUMNS: [(&str, Kind); 48] = [
    ("id", Kind::Text),
    ("number", Kind::Whole),
    ("name", Kind::Text),
    ("given_name", Kind::Text),
    ("family_name", Kind::Text),
    ("gender", Kind::Text),
    ("birth_date", Kind::Text),
    ("country", Kind::Text),
    ("city", Kind::Text),
    ("address", Kind::Text),
    ("postcode", Kind::Text),
    ("language", Kind::Text),
    ("phones", Kind::Text),
    ("emails", Kind::Text),
    ("cards", Kind::Text),
    ("external_ids", Kind::Text),
    ("home_store_id", Kind::Text),
    ("home_store", Kind::Text),
    ("source", Kind::Text),
    ("note", Kind::Text),
    ("created_at", Kind::Text),
    ("as_of", Kind::Text),
    ("first_order", Kind::Text),
    ("last_order", Kind::Text),
    ("recency_days", Kind::Whole),
    ("frequency", Kind::Whole),
    ("monetary", Kind::Amount),
    ("lifetime_orders", Kind::Whole),
    ("lifetime_net", Kind::Amount),
    ("currency", Kind::Text),
    ("r", Kind::Whole),
    ("f", Kind::Whole),
    ("m", Kind::Whole),
    ("rfm_group", Kind::Text),
    ("abc", Kind::Text),
    ("lifecycle", Kind::Text),
    ("average_basket", Kind::Amount),
    ("interval_days", Kind::Whole),
    ("refund_rate", Kind::Amount),
    ("favourite_store_id", Kind::Text),
    ("favourite_store", Kind::Text),
    ("favourite_category", Kind::Text),
    ("favourite_channel", Kind::Text),
    ("tier", Kind::Text),
    ("tier_name", Kind::Text),
    ("tier_since", Kind::Text),
    ("tier_review", Kind::Text),
    ("tier_cause", Kind::Text),
];

/// Writes the customers of a filter; answers how many.
///
/// # Errors
/// When the book fails, or the format cannot hold so many.
pub(in crate::features::customers) async fn write_customers(
    app: &App,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    (format, lossless): (Format, bool),
    sink: Sink<'_>,
) -> Result<u64> {
    let connection = app.db.read();
    let names = Names::load(connection).await?;
    let mut sheet = Sheet::new(format, &COLUMNS, lossless)?;
    let ids = list::find(app, scope, (filter, sort), None, usize::MAX)
        .await?
        .ids;
    let mut count = 0;
    for some in ids.chunks(PAGE as usize) {
        let found = rows(connection, scope, some).await?;
        let beside = Beside::load(connection, &found).await?;
        for (row, grade) in &found {
            sheet.push(cells(row, grade, &names, &beside))?;
        }
        count += found.len() as u64;
        if !sink(sheet.take()?).await? {
            return Ok(count);
        }
    }
    sink(sheet.finish()?).await?;
    Ok(count)
}

/// Customers and their grades, in the order asked for. Who has gone since the ids were
/// found is left out.
async fn rows(
    connection: &Readers,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<(customer::Model, grade::Model)>> {
    let rows = customer::Entity::find()
        .join(JoinType::InnerJoin, to_grade())
        .filter(golden_in(scope))
        .filter(customer::Column::Id.is_in(ids.iter().copied()))
        .select_also(grade::Entity)
        .all(connection)
        .await?;
    let mut by_id: HashMap<i64, _> = rows
        .into_iter()
        .filter_map(|(row, grade)| Some((row.id, (row, grade?))))
        .collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// What other tables say of a page.
struct Beside {
    keys: HashMap<(i64, String), Vec<String>>,
    stores: HashMap<i64, String>,
    /// As of when everybody is graded.
    as_of: Option<Date>,
}

impl Beside {
    async fn load(connection: &Readers, found: &[(customer::Model, grade::Model)]) -> Result<Self> {
        let rows = identifier::Entity::find()
            .filter(identifier::Column::CustomerId.is_in(found.iter().map(|(row, _)| row.id)))
            .order_by_asc(identifier::Column::Id)
            .all(connection)
            .await?;
        let mut keys: HashMap<(i64, String), Vec<String>> = HashMap::new();
        for row in rows {
            let values = keys.entry((row.customer_id, row.kind)).or_default();
            if !values.contains(&row.value) {
                values.push(row.value);
            }
        }
        let ids = found.iter().flat_map(|(row, grade)| {
            [row.home_store_id, grade.favourite_store_id]
                .into_iter()
                .flatten()
        });
        Ok(Beside {
            keys,
            stores: stores::names(connection, ids).await?,
            as_of: graded_as_of(connection).await?,
        })
    }

    fn keys(&self, id: i64, kind: &str) -> Value {
        match self.keys.get(&(id, kind.to_owned())) {
            Some(values) => Value::Text(values.join("; ")),
            None => Value::Nothing,
        }
    }

    fn as_of(&self, grade: &grade::Model) -> Value {
        // A lifecycle stage is what every graded customer has.
        let as_of = self.as_of.filter(|_| !grade.lifecycle.is_empty());
        as_of.map_or(Value::Nothing, |date| Value::Text(date.to_string()))
    }

    fn store(&self, id: Option<i64>) -> [Value; 2] {
        let name = id.and_then(|id| self.stores.get(&id));
        [
            id.map_or(Value::Nothing, |id| Value::Text(StoreId(id).to_string())),
            name.map_or(Value::Nothing, |name| text(name)),
        ]
    }
}

pub(super) fn text(text: &str) -> Value {
    if text.is_empty() {
        Value::Nothing
    } else {
        Value::Text(text.to_owned())
    }
}

fn whole(number: Option<i64>) -> Value {
    number.map_or(Value::Nothing, Value::Whole)
}

fn cells(
    row: &customer::Model,
    grade: &grade::Model,
    names: &Names,
    beside: &Beside,
) -> Vec<Value> {
    let digits = Currency::parse(&names.currency).map_or(2, Currency::exponent);
    let amount = |minor: i64| Value::Amount(minor, digits);
    let score = |score: i64| whole((score > 0).then_some(score));
    let level = names.levels.get(&grade.tier);
    let mut cells = vec![
        Value::Text(CustomerId(row.id).to_string()),
        Value::Whole(row.number),
        text(&row.name),
        text(&row.given_name),
        text(&row.family_name),
        text(&row.gender),
        text(&row.birth_date),
        text(&row.country),
        text(&row.city),
        text(&row.address),
        text(&row.postcode),
        text(&row.language),
        beside.keys(row.id, "phone"),
        beside.keys(row.id, "email"),
        beside.keys(row.id, "card"),
        beside.keys(row.id, "external"),
    ];
    cells.extend(beside.store(row.home_store_id));
    cells.extend([
        text(&row.source),
        text(&row.note),
        Value::Text(instant(row.created_at)),
        beside.as_of(grade),
        text(&grade.first_order),
        text(&grade.last_order),
        whole(
            beside
                .as_of
                .and_then(|as_of| days_since(&grade.last_order, as_of)),
        ),
        Value::Whole(grade.frequency),
        amount(grade.monetary),
        Value::Whole(grade.lifetime_orders),
        amount(grade.lifetime_net),
        text(&names.currency),
        score(grade.r),
        score(grade.f),
        score(grade.m),
        text(&grade.rfm_group),
        text(&grade.abc),
        text(&grade.lifecycle),
        grade.average_basket.map_or(Value::Nothing, amount),
        whole(grade.interval_days),
        // Four digits are enough for a rate: one hundredth of a percent.
        grade
            .refund_rate_ppm
            .map_or(Value::Nothing, |ppm| Value::Amount((ppm + 50) / 100, 4)),
    ]);
    cells.extend(beside.store(grade.favourite_store_id));
    cells.extend([
        text(&grade.favourite_category),
        text(&grade.favourite_channel),
        text(&grade.tier),
        level.map_or(Value::Nothing, |level| text(&level.name.en)),
        text(&grade.tier_since),
        text(&grade.tier_review),
        text(&grade.tier_cause),
    ]);
    cells
}
