//! Reads of orders.

use std::collections::HashMap;

use clientele_domain::id::ProductId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::entity::{line, order};
use crate::{
    error::Result,
    features::products::entity::product,
    http::{Money, Ref},
};

/// One line of an order.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrderLine {
    /// Its number in the order.
    pub line: i64,
    /// The product, when known.
    pub product: Option<Ref>,
    /// The stock-keeping unit as received.
    pub sku: String,
    /// What was sold, as received.
    pub name: String,
    /// The product's category, when known.
    pub category: Option<String>,
    /// Pieces, as a decimal; negative for refunds.
    pub quantity: String,
    /// The price of one, as a decimal as received.
    pub unit_price: String,
    /// Taken off the line.
    pub discount: Money,
    /// What the line adds to the order's net.
    pub net: Money,
}

/// The lines of an order, with the products they name.
///
/// # Errors
/// When the book fails.
pub async fn lines_of(
    connection: &impl ConnectionTrait,
    order: &order::Model,
) -> Result<Vec<OrderLine>> {
    let lines = line::Entity::find()
        .filter(line::Column::OrderId.eq(order.id))
        .order_by_asc(line::Column::LineNo)
        .all(connection)
        .await?;
    let ids: Vec<i64> = lines.iter().filter_map(|line| line.product_id).collect();
    let products = product::Entity::find()
        .filter(product::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    let products: HashMap<i64, product::Model> =
        products.into_iter().map(|row| (row.id, row)).collect();
    let money = |amount| Money::new(amount, &order.currency);
    Ok(lines
        .into_iter()
        .map(|line| {
            let product = line.product_id.and_then(|id| products.get(&id));
            OrderLine {
                line: line.line_no,
                product: product.map(|row| Ref::new(ProductId(row.id), &row.name)),
                sku: line.sku,
                name: line.name,
                category: product
                    .map(|row| row.category.clone())
                    .filter(|text| !text.is_empty()),
                quantity: quantity(line.quantity),
                unit_price: line.unit_price,
                discount: money(line.discount),
                net: money(line.net),
            }
        })
        .collect())
}

/// Thousandths as a decimal without needless zeros.
fn quantity(thousandths: i64) -> String {
    rust_decimal::Decimal::new(thousandths, 3)
        .normalize()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_plain() {
        assert_eq!(quantity(2_000), "2");
        assert_eq!(quantity(-500), "-0.5");
        assert_eq!(quantity(1_250), "1.25");
        assert_eq!(quantity(0), "0");
    }
}
