//! The `order_lines` table. Lines have no life of their own: a changed order
//! brings all its lines again, and the old ones go.

use super::table::table;

table! {
    /// One line of an order.
    pub struct LineRow in "order_lines", keyed by order_id, sorted by ["order_id", "line_no"];
    /// The order.
    order_id: i64,
    /// The line's number in the order.
    line_no: i64,
    /// The product, when known.
    product_id: Option<i64>,
    /// The stock-keeping unit as received.
    sku: String,
    /// Thousandths of a unit; negative for refunds.
    quantity: i64,
    /// Minor units of the order's currency.
    net: i64,
}
