//! Shapes that many answers share.

use clientele_domain::tier::Names;
use serde::{Deserialize, Serialize};

/// An amount: integer minor units of an ISO 4217 currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    /// Minor units: cents for EUR, yen for JPY.
    pub amount: i64,
    /// ISO 4217 code; empty while the chain has chosen none.
    pub currency: String,
}

impl Money {
    /// An amount of a currency.
    pub fn new(amount: i64, currency: &str) -> Self {
        Money {
            amount,
            currency: currency.to_owned(),
        }
    }
}

/// A text in both languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Label {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl From<Names> for Label {
    fn from(names: Names) -> Self {
        Label {
            en: names.en,
            zh: names.zh,
        }
    }
}

/// A row named elsewhere: its id and what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ref {
    /// The row's prefixed id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

impl Ref {
    /// Names a row.
    pub fn new(id: impl ToString, name: impl Into<String>) -> Self {
        Ref {
            id: id.to_string(),
            name: name.into(),
        }
    }
}
