//! Rows as they were before an import changed them, kept as JSON and put back
//! when the import is undone. What an older program noted down may lack fields that
//! came later; those are as a new column is.

use sea_orm::Set;
use serde::{Deserialize, Serialize};

use crate::features::{
    customers::entity::customer,
    orders::entity::{line, order},
    products::entity::product,
    stores::entity::store,
};

macro_rules! image {
    ($(#[$doc:meta])* $name:ident of $module:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $(pub $field: $type),* }

        impl From<$module::Model> for $name {
            fn from(row: $module::Model) -> Self {
                Self { $($field: row.$field),* }
            }
        }

        impl From<$name> for $module::ActiveModel {
            fn from(image: $name) -> Self {
                Self { $($field: Set(image.$field)),* }
            }
        }
    };
}

image!(
    /// An order's row.
    OrderRow of order {
        id: i64, source: String, external_id: String, kind: String, status: String, customer_id: Option<i64>,
        record_id: Option<i64>, store_id: Option<i64>, recipient: Option<String>, channel: String, ordered_at: i64, business_date: String,
        currency: String, gross: i64, discount: i64, net: i64, net_residue: i64, tax: i64, shipping: i64, units: i64,
        rate: String, reporting_net: i64, original_id: Option<i64>, content_hash: String, rows_hash: i64, import_id: Option<i64>,
        created_at: i64, version: i64,
    }
);

image!(
    /// A line's row.
    LineRow of line {
        order_id: i64, line_no: i64, product_id: Option<i64>, sku: String, name: String, quantity: i64,
        unit_price: String, discount: i64, net: i64,
    }
);

image!(
    /// A customer record's row.
    CustomerRow of customer {
        id: i64, number: i64, golden_id: i64, source: String, name: String, given_name: String, family_name: String,
        gender: String, birth_date: String, country: String, city: String, address: String, postcode: String,
        language: String, home_store_id: Option<i64>, owner_id: Option<i64>, note: String, search_text: String, import_id: Option<i64>,
        created_at: i64, edited_at: Option<i64>, version: i64,
    }
);

image!(
    /// A product's row.
    ProductRow of product {
        id: i64, source: String, external_id: String, name: String, category: String, brand: String, size: String,
        import_id: Option<i64>, created_at: i64, version: i64,
    }
);

image!(
    /// A store's row.
    StoreRow of store {
        id: i64, source: String, external_id: String, name: String, country: String, region: String, currency: String,
        time_zone: String, day_cut_minutes: i64, channel: String, phone: String, import_id: Option<i64>, unit_id: Option<i64>,
        created_at: i64, version: i64,
    }
);

/// An order with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderImage {
    /// The order.
    pub order: OrderRow,
    /// Its lines.
    pub lines: Vec<LineRow>,
}
