//! What orders brought: their lines, looked up in the table of lines.

use deltalake::arrow::array::Array;

use crate::Result;
use crate::columns::integers;
use crate::files;
use crate::numbers::seek;
use crate::rows::LineRow;
use crate::table::Table;

/// A line that brought goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Good {
    pub(super) order: i64,
    pub(super) product: i64,
    /// Thousandths of a unit, above zero.
    pub(super) quantity: i64,
}

/// The goods of some orders, whose ids are sorted, by order.
pub(super) async fn goods(lines: &Table, orders: &[i64]) -> Result<Vec<Good>> {
    let mut goods = Vec::new();
    for file in files::list::<LineRow>(lines)? {
        let (lowest, highest) = file.keys;
        let next = orders.partition_point(|order| *order < lowest);
        if orders.get(next).is_none_or(|order| *order > highest) {
            continue;
        }
        let columns = ["order_id", "product_id", "quantity"];
        for batch in files::read(lines, &file, Some(&columns)).await? {
            let of_order = integers(&batch, "order_id")?;
            let products = integers(&batch, "product_id")?;
            let quantities = integers(&batch, "quantity")?;
            // Both sides go up in the order of their ids.
            let mut at = 0;
            for row in 0..batch.num_rows() {
                let (order, quantity) = (of_order.value(row), quantities.value(row));
                at = seek(orders.len(), at, |place| orders[place] < order);
                if orders.get(at) == Some(&order) && quantity > 0 && products.is_valid(row) {
                    goods.push(Good {
                        order,
                        product: products.value(row),
                        quantity,
                    });
                }
            }
        }
    }
    // Lines of one order may come in any order; what is made of them must not.
    goods.sort_unstable();
    Ok(goods)
}
