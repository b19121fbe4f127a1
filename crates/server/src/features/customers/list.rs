//! The customer list: filters, every offered order, pages by key.

use std::collections::HashMap;

use clientele_domain::id::{CustomerId, StoreId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, RelationDef,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    entity::customer,
    roster::Found,
    row::{self, Shown},
    search::Query,
};
use crate::{
    access::{Scope, rows},
    app::App,
    error::{Error, Result},
    features::grades::entity::grade,
};

/// Which customers are asked for; several values are separated by commas.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::IntoParams)]
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

impl CustomerQuery {
    /// What the audit log is told of it; what was searched for may be somebody's name or key.
    pub fn told(&self) -> Value {
        let mut told = json!(self);
        if let Some(all) = told.as_object_mut() {
            all.retain(|_, value| *value != Value::Null);
            all.entry("q").and_modify(|q| *q = true.into());
        }
        told
    }
}

/// What the list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Monetary,
    LastOrder,
    Frequency,
    Name,
    Number,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub key: Key,
    pub descending: bool,
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
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The last customer.
    pub id: i64,
    /// What the list sorts them by.
    pub value: String,
}

impl Place {
    /// The text a client hands back.
    pub(super) fn cursor(&self) -> String {
        format!("{}.{}", CustomerId(self.id), self.value)
    }

    /// Reads it again.
    ///
    /// # Errors
    /// `cursor_invalid`.
    pub(super) fn parse(cursor: &str) -> Result<Self> {
        let (id, value) = cursor.split_once('.').ok_or_else(cursor_invalid)?;
        Ok(Place {
            id: id.parse::<CustomerId>().map_err(|_| cursor_invalid())?.0,
            value: value.to_owned(),
        })
    }
}

pub(super) fn cursor_invalid() -> Error {
    Error::invalid(
        "cursor",
        "cursor_invalid",
        "Take the cursor from a page's `next`.",
    )
}

/// Which customers are asked for, checked. An empty list asks for any.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub query: Option<Query>,
    pub tiers: Vec<String>,
    pub groups: Vec<String>,
    pub stages: Vec<String>,
    pub classes: Vec<String>,
    pub countries: Vec<String>,
    pub r: Vec<i64>,
    pub f: Vec<i64>,
    /// By ascending ids.
    pub stores: Vec<i64>,
}

impl CustomerQuery {
    /// The filter of the query.
    ///
    /// # Errors
    /// `filter_invalid` for a store or score that is none.
    pub(super) fn filter(&self) -> Result<Filter> {
        // Nobody has the word `none`; who has nothing has an empty one.
        let words = |text| {
            let mut words = values(text);
            for word in words.iter_mut().filter(|word| *word == "none") {
                word.clear();
            }
            words
        };
        let stores = parsed::<StoreId>("store_id", &self.store_id)?;
        let mut stores: Vec<i64> = stores.iter().map(|id| id.0).collect();
        stores.sort_unstable();
        Ok(Filter {
            query: self.q.as_deref().and_then(Query::parse),
            tiers: words(&self.tier),
            groups: words(&self.rfm_group),
            stages: words(&self.lifecycle),
            classes: words(&self.abc),
            countries: values(&self.country),
            r: parsed("r", &self.r)?,
            f: parsed("f", &self.f)?,
            stores,
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
    Condition::all().add(golden).add(rows::customers(scope))
}

/// The first customers of a filter after a place, whom the actor may see.
///
/// # Errors
/// `cursor_invalid` when the place belongs to another order, or when the book fails.
pub(super) async fn find(
    app: &App,
    scope: &Scope,
    asked: (&Filter, Sort),
    after: Option<&Place>,
    limit: usize,
) -> Result<Found> {
    app.roster.find(&app.db, scope, asked, after, limit).await
}

/// Customers as rows show them, in the order asked for. Who has gone since the ids were
/// found is left out.
///
/// # Errors
/// When the book fails.
pub(super) async fn shown(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<Shown>> {
    let named = customer::Column::Id.is_in(ids.iter().copied());
    let found = row::find(connection, golden_in(scope).add(named)).await?;
    let mut by_id: HashMap<i64, Shown> = found
        .into_iter()
        .map(|shown| (shown.customer.id, shown))
        .collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        for value in ["120", "li.lei 李", ""] {
            let place = Place {
                id: 77,
                value: value.to_owned(),
            };
            assert_eq!(Place::parse(&place.cursor()).unwrap(), place);
        }
        assert!(Place::parse("ord_0000000000001.x").is_err());
        assert!(Place::parse("").is_err());
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
