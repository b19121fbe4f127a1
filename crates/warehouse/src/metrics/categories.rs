//! Which categories people buy.
//!
//! Orders that count are known by then, each with the number of its person. Lines
//! stand in the order of their orders, so both are walked side by side and nothing
//! is joined.

use deltalake::arrow::array::Array;
use deltalake::datafusion::prelude::SessionContext;

use crate::Result;
use crate::columns::{each, integer, integers, texts};
use crate::numbers::{IdMap, seek, sort};

const PRODUCTS: &str = "SELECT id, category FROM products WHERE category <> ''";

/// A line counts when it brought goods.
const LINES: &str = "
    SELECT order_id, product_id, quantity
    FROM order_lines
    WHERE quantity > 0 AND order_id >= $lowest AND order_id <= $highest";

/// Calls `take(person, category, quantity)` for every line with a category of
/// the orders in `sold` (order and person). Returns the names of the categories
/// in order; a category is the place of its name.
pub(super) async fn each_line(
    session: &SessionContext,
    mut sold: Vec<(i64, u32)>,
    mut take: impl FnMut(u32, u32, i64),
) -> Result<Vec<String>> {
    let (names, category_of) = categories(session).await?;
    sort(&mut sold, |(order, _)| order.cast_unsigned() ^ (1 << 63));
    let (Some(first), Some(last)) = (sold.first(), sold.last()) else {
        return Ok(names);
    };
    let bounds = vec![integer("lowest", first.0), integer("highest", last.0)];
    each(session, LINES, bounds, |batch| {
        let orders = integers(batch, "order_id")?;
        let products = integers(batch, "product_id")?;
        let quantities = integers(batch, "quantity")?;
        let bought: &[i64] = quantities.values();
        let mut at = 0;
        for (row, order) in orders.values().iter().enumerate() {
            at = seek(sold.len(), at, |place| sold[place].0 < *order);
            let Some((_, person)) = sold.get(at).filter(|(sold, _)| sold == order) else {
                continue;
            };
            if products.is_null(row) {
                continue;
            }
            if let Some(category) = category_of.get(&products.value(row)) {
                take(*person, *category, bought[row]);
            }
        }
        Ok(())
    })
    .await?;
    Ok(names)
}

/// The names of the categories in order, and of every product the place of its own.
async fn categories(session: &SessionContext) -> Result<(Vec<String>, IdMap<u32>)> {
    let mut products: Vec<(i64, String)> = Vec::new();
    each(session, PRODUCTS, Vec::new(), |batch| {
        let ids = integers(batch, "id")?;
        let categories = texts(batch, "category")?;
        for row in 0..batch.num_rows() {
            products.push((ids.value(row), categories.value(row).to_owned()));
        }
        Ok(())
    })
    .await?;
    let mut names: Vec<String> = products.iter().map(|(_, name)| name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let numbered = products.iter().map(|(id, name)| {
        let place = names
            .binary_search(name)
            .expect("every name is among the names");
        let place = u32::try_from(place).expect("memory ends before four billion categories");
        (*id, place)
    });
    let numbered = numbered.collect();
    Ok((names, numbered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{LineRow, ProductRow, Row};

    #[tokio::test]
    async fn every_line_of_an_order_that_counts_is_found_once() {
        let product = |id: i64, category: &str| ProductRow {
            id,
            sku: String::new(),
            name: String::new(),
            category: category.to_owned(),
            brand: String::new(),
            size: String::new(),
        };
        let line = |order_id, product_id, quantity| LineRow {
            order_id,
            line_no: 1,
            product_id,
            sku: String::new(),
            quantity,
            net: 0,
        };
        let products = [product(1, "shoes"), product(2, "bags"), product(3, "")];
        let mut lines: Vec<LineRow> = (1..=7).map(|id| line(id, Some(1), id)).collect();
        lines.push(line(4, Some(2), 40));
        lines.extend([line(5, Some(3), 1), line(5, None, 1), line(5, Some(2), -1)]);
        let session = SessionContext::new();
        session
            .register_batch("products", ProductRow::batch(&products).unwrap())
            .unwrap();
        session
            .register_batch("order_lines", LineRow::batch(&lines).unwrap())
            .unwrap();
        let sold = vec![(5, 0), (4, 1), (1, 0), (6, 2)];
        let mut found = Vec::new();
        let names = each_line(&session, sold, |person, category, quantity| {
            found.push((person, category, quantity));
        })
        .await
        .unwrap();
        found.sort_unstable();
        assert_eq!(names, ["bags", "shoes"]);
        assert_eq!(
            found,
            [(0, 1, 1), (0, 1, 5), (1, 0, 40), (1, 1, 4), (2, 1, 6)]
        );
    }
}
