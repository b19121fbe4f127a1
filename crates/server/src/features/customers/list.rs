//! The customer list: filters, every offered order, pages by key, totals.

use clientele_domain::id::{CustomerId, StoreId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Func, Query as SqlQuery, SimpleExpr},
};
use serde::Deserialize;

use super::{
    entity::{GOLDEN, customer},
    search::Query,
};
use crate::{
    ctx::Scope,
    entities::counter,
    error::{Error, Result},
    features::grades::entity::grade,
    http::Total,
};

/// Matches of a filter are counted one by one up to here, beyond it estimated.
const COUNTED: u64 = 20_000;
/// An estimate looks at this many stretches of customer numbers …
const STRETCHES: i64 = 20;
/// … each this long.
const STRETCH: i64 = 500;
/// The customer number before the first one.
const NUMBERS_START: i64 = 1_000;

/// Which customers are asked for; several values are separated by commas.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CustomerQuery {
    /// A phone tail of at least four digits, an e-mail address or its beginning,
    /// a card, a number, or part of a name, its pinyin or initials.
    pub q: Option<String>,
    /// Tier codes; `none` for customers below every tier.
    pub tier: Option<String>,
    /// Named RFM groups.
    pub rfm_group: Option<String>,
    /// Lifecycle stages.
    pub lifecycle: Option<String>,
    /// ABC classes.
    pub abc: Option<String>,
    /// Home stores, or favourite stores of customers without one.
    pub store_id: Option<String>,
    /// ISO 3166 alpha-2 codes.
    pub country: Option<String>,
    /// Recency scores.
    pub r: Option<String>,
    /// Frequency scores.
    pub f: Option<String>,
    /// `monetary`, `last_order`, `frequency`, `name` or `number`, with `-` in
    /// front for descending; `-monetary` unless told otherwise.
    pub sort: Option<String>,
}

/// What the list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Monetary,
    LastOrder,
    Frequency,
    Name,
    Number,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    key: Key,
    descending: bool,
}

impl Sort {
    /// Reads an order.
    ///
    /// # Errors
    /// `sort_unknown`.
    pub(super) fn parse(text: Option<&str>) -> Result<Self> {
        let text = text.filter(|text| !text.is_empty()).unwrap_or("-monetary");
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let key = match name {
            "monetary" => Key::Monetary,
            "last_order" => Key::LastOrder,
            "frequency" => Key::Frequency,
            "name" => Key::Name,
            "number" => Key::Number,
            _ => {
                let detail = "Sort by monetary, last_order, frequency, name or number.";
                return Err(Error::bad_request("sort_unknown", detail).at("sort"));
            }
        };
        Ok(Sort { key, descending })
    }

    /// By number, the order of exports that ask for none.
    pub(super) fn by_number() -> Self {
        Sort {
            key: Key::Number,
            descending: false,
        }
    }

    /// The sorted column and the id that breaks ties, both of one index.
    fn columns(self) -> [SimpleExpr; 2] {
        let of_grade = |column: grade::Column| Expr::col((grade::Entity, column));
        let of_customer = |column: customer::Column| Expr::col((customer::Entity, column));
        match self.key {
            Key::Monetary => [
                of_grade(grade::Column::Monetary),
                of_grade(grade::Column::CustomerId),
            ],
            Key::LastOrder => [
                of_grade(grade::Column::LastOrder),
                of_grade(grade::Column::CustomerId),
            ],
            Key::Frequency => [
                of_grade(grade::Column::Frequency),
                of_grade(grade::Column::CustomerId),
            ],
            Key::Name => [
                of_customer(customer::Column::SearchText),
                of_customer(customer::Column::Id),
            ],
            Key::Number => [
                of_customer(customer::Column::Number),
                of_customer(customer::Column::Id),
            ],
        }
    }

    /// The row's place in this order.
    pub(super) fn place(self, row: &customer::Model, grade: &grade::Model) -> Place {
        let value = match self.key {
            Key::Monetary => grade.monetary.to_string(),
            Key::LastOrder => grade.last_order.clone(),
            Key::Frequency => grade.frequency.to_string(),
            Key::Name => row.search_text.clone(),
            Key::Number => row.number.to_string(),
        };
        Place { id: row.id, value }
    }

    /// Rows after a place.
    fn after(self, place: &Place) -> Result<SimpleExpr> {
        let value: SimpleExpr = match self.key {
            Key::Monetary | Key::Frequency | Key::Number => place
                .value
                .parse::<i64>()
                .map_err(|_| cursor_invalid())?
                .into(),
            Key::LastOrder | Key::Name => place.value.as_str().into(),
        };
        let columns = Expr::tuple(self.columns());
        let place = Expr::tuple([value, place.id.into()]);
        Ok(if self.descending {
            columns.lt(place)
        } else {
            columns.gt(place)
        })
    }
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    id: i64,
    value: String,
}

/// A page's end and the total of the whole list, which later pages repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub place: Place,
    pub total: Total,
}

impl Cursor {
    /// The text a client hands back.
    pub(super) fn text(&self) -> String {
        let sign = if self.total.exact { "" } else { "~" };
        let id = CustomerId(self.place.id);
        format!("{sign}{}.{id}.{}", self.total.count, self.place.value)
    }

    /// Reads it again.
    ///
    /// # Errors
    /// `cursor_invalid`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let read = || {
            let mut parts = text.splitn(3, '.');
            let (count, id, value) = (parts.next()?, parts.next()?, parts.next()?);
            let exact = !count.starts_with('~');
            Some(Cursor {
                place: Place {
                    id: id.parse::<CustomerId>().ok()?.0,
                    value: value.to_owned(),
                },
                total: Total {
                    count: count.trim_start_matches('~').parse().ok()?,
                    exact,
                },
            })
        };
        read().ok_or_else(cursor_invalid)
    }
}

fn cursor_invalid() -> Error {
    Error::invalid(
        "cursor",
        "cursor_invalid",
        "Take the cursor from a page's `next`.",
    )
}

/// Which rows are asked for, checked.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    condition: Condition,
    is_empty: bool,
}

impl CustomerQuery {
    /// The filter of the query.
    ///
    /// # Errors
    /// `filter_invalid` for a store or score that is none.
    pub(super) fn filter(&self) -> Result<Filter> {
        let of_grade = |column: grade::Column, values: Vec<String>| column.is_in(values);
        let mut all = Condition::all();
        let mut is_empty = true;
        let mut add = |condition: Condition| {
            all = std::mem::replace(&mut all, Condition::all()).add(condition);
            is_empty = false;
        };
        if let Some(query) = self.q.as_deref().and_then(Query::parse) {
            add(query.condition());
        }
        let words = [
            (grade::Column::Tier, &self.tier),
            (grade::Column::RfmGroup, &self.rfm_group),
            (grade::Column::Lifecycle, &self.lifecycle),
            (grade::Column::Abc, &self.abc),
        ];
        for (column, text) in words {
            let mut values = values(text);
            for value in values.iter_mut().filter(|value| *value == "none") {
                value.clear();
            }
            if !values.is_empty() {
                add(Condition::all().add(of_grade(column, values)));
            }
        }
        for (column, field, text) in [
            (grade::Column::R, "r", &self.r),
            (grade::Column::F, "f", &self.f),
        ] {
            let scores = parsed::<i64>(field, text)?;
            if !scores.is_empty() {
                add(Condition::all().add(column.is_in(scores)));
            }
        }
        let stores = parsed::<StoreId>("store_id", &self.store_id)?;
        if !stores.is_empty() {
            let store: SimpleExpr = Func::coalesce([
                Expr::col((customer::Entity, customer::Column::HomeStoreId)),
                Expr::col((grade::Entity, grade::Column::FavouriteStoreId)),
            ])
            .into();
            add(Condition::all().add(store.is_in(stores.iter().map(|id| id.0))));
        }
        let countries = values(&self.country);
        if !countries.is_empty() {
            add(Condition::all().add(customer::Column::Country.is_in(countries)));
        }
        Ok(Filter {
            condition: all,
            is_empty,
        })
    }
}

fn values(text: &Option<String>) -> Vec<String> {
    let text = text.as_deref().unwrap_or_default();
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn parsed<T: std::str::FromStr>(field: &str, text: &Option<String>) -> Result<Vec<T>> {
    let parse = |value: String| {
        let detail = format!("{value} is no {field}.");
        value
            .parse()
            .map_err(|_| Error::bad_request("filter_invalid", detail).at(field))
    };
    values(text).into_iter().map(parse).collect()
}

/// Customers and their grades, one row each.
pub(super) fn to_grade() -> RelationDef {
    customer::Entity::belongs_to(grade::Entity)
        .from(customer::Column::Id)
        .to(grade::Column::CustomerId)
        .into()
}

/// Only records that stand for a customer, and only rows the actor may see.
pub(super) fn golden_in(scope: &Scope) -> Condition {
    let golden = Expr::col((customer::Entity, customer::Column::GoldenId))
        .equals((customer::Entity, customer::Column::Id));
    match scope {
        Scope::All => Condition::all().add(golden),
        Scope::Nothing => Condition::all().add(customer::Column::Id.is_null()),
    }
}

fn matching(scope: &Scope, filter: &Filter) -> Select<customer::Entity> {
    customer::Entity::find()
        .join(JoinType::InnerJoin, to_grade())
        .filter(golden_in(scope))
        .filter(filter.condition.clone())
}

/// Customers after a place, in order.
///
/// # Errors
/// `cursor_invalid` when the place belongs to another order.
pub(super) async fn page(
    connection: &DatabaseConnection,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<&Place>,
    limit: u64,
) -> Result<Vec<(customer::Model, grade::Model)>> {
    let direction = if sort.descending {
        Order::Desc
    } else {
        Order::Asc
    };
    let [column, id] = sort.columns();
    let mut select = matching(scope, filter)
        .order_by(column, direction.clone())
        .order_by(id, direction)
        .limit(limit);
    if let Some(place) = after {
        select = select.filter(sort.after(place)?);
    }
    let rows = select.select_also(grade::Entity).all(connection).await?;
    // The join is an inner one: every customer has a grades row.
    Ok(rows
        .into_iter()
        .filter_map(|(row, grade)| Some((row, grade?)))
        .collect())
}

/// How many customers match: exact without a filter and up to a bound with one,
/// beyond it an estimate from stretches spread over all customer numbers.
///
/// # Errors
/// When the book fails.
pub(super) async fn total(
    connection: &DatabaseConnection,
    scope: &Scope,
    filter: &Filter,
) -> Result<Total> {
    if filter.is_empty && matches!(scope, Scope::All) {
        let counted = counter::Entity::find_by_id(GOLDEN).one(connection).await?;
        let count = counted.map_or(0, |row| row.value).unsigned_abs();
        return Ok(Total { count, exact: true });
    }
    let count = count_up_to(connection, matching(scope, filter), COUNTED + 1).await?;
    if count <= COUNTED {
        return Ok(Total { count, exact: true });
    }
    let last = counter::Entity::find_by_id("customers")
        .one(connection)
        .await?;
    let numbers = last.map_or(0, |row| row.value - NUMBERS_START);
    if numbers <= STRETCHES * STRETCH {
        return Ok(Total {
            count: matching(scope, filter).count(connection).await?,
            exact: true,
        });
    }
    let mut found = 0;
    for stretch in 0..STRETCHES {
        let from = NUMBERS_START + 1 + stretch * (numbers - STRETCH) / (STRETCHES - 1);
        let select = matching(scope, filter)
            .filter(customer::Column::Number.between(from, from + STRETCH - 1));
        found += count_up_to(connection, select, STRETCH as u64).await?;
    }
    let share = found as f64 / (STRETCHES * STRETCH) as f64;
    let estimate = Ord::max(two_digits((share * numbers as f64) as u64), COUNTED);
    Ok(Total {
        count: estimate,
        exact: false,
    })
}

/// Two leading digits say how sure an estimate is.
fn two_digits(count: u64) -> u64 {
    let scale = 10_u64.pow(count.checked_ilog10().unwrap_or(0).saturating_sub(1));
    (count + scale / 2) / scale * scale
}

async fn count_up_to(
    connection: &DatabaseConnection,
    select: Select<customer::Entity>,
    bound: u64,
) -> Result<u64> {
    let rows = select
        .select_only()
        .column(customer::Column::Id)
        .limit(bound)
        .into_query();
    let count = SqlQuery::select()
        .expr_as(Func::count(Expr::val(1)), "n")
        .from_subquery(rows, "matching")
        .to_owned();
    let row = connection.query_one(&count).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        for (value, exact) in [("120", true), ("li.lei 李", false), ("", true)] {
            let cursor = Cursor {
                place: Place {
                    id: 77,
                    value: value.to_owned(),
                },
                total: Total { count: 5, exact },
            };
            assert_eq!(Cursor::parse(&cursor.text()).unwrap(), cursor);
        }
        assert!(Cursor::parse("5.ord_0000000000001.x").is_err());
        assert!(Cursor::parse("").is_err());
    }

    #[test]
    fn estimates_show_two_digits() {
        assert_eq!(two_digits(123_456), 120_000);
        assert_eq!(two_digits(995), 1000);
        assert_eq!(two_digits(7), 7);
        assert_eq!(two_digits(0), 0);
    }

    #[test]
    fn orders_have_names() {
        assert_eq!(
            Sort::parse(None).unwrap(),
            Sort {
                key: Key::Monetary,
                descending: true
            }
        );
        assert_eq!(
            Sort::parse(Some("name")).unwrap(),
            Sort {
                key: Key::Name,
                descending: false
            }
        );
        assert_eq!(Sort::parse(Some("age")).unwrap_err().code(), "sort_unknown");
    }
}
