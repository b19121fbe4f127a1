//! The `products` table.

use super::table::table;

table! {
    /// One product.
    pub struct ProductRow in "products", keyed by id, sorted by ["id"];
    /// The product.
    id: i64,
    /// The stock-keeping unit.
    sku: String,
    /// What people call it.
    name: String,
    /// The category, or empty.
    category: String,
    /// The brand, or empty.
    brand: String,
    /// The size, or empty.
    size: String,
}
