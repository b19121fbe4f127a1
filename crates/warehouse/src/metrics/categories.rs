//! Which categories people buy.
//!
//! The one question that joins lines with orders. The orders that count are
//! known by then, each with the number of its person, so the engine joins lines
//! to them and nothing is grouped: counting into the people who are in memory
//! anyway is cheaper than grouping by customer and category. Orders come in
//! spans of ids; files hold spans of ids too, so every question reads its own
//! files only, and the join stays small however long the history is.

use std::sync::Arc;

use deltalake::arrow::array::Int64Array;
use deltalake::arrow::datatypes::{DataType, Field, Schema};
use deltalake::arrow::record_batch::RecordBatch;
use deltalake::datafusion::prelude::SessionContext;

use crate::Result;
use crate::columns::{each, integer, integers, texts};

/// Orders that one question looks at.
pub(super) const SPAN_ORDERS: usize = 2_000_000;

const PRODUCTS: &str = "SELECT id, category FROM products WHERE category <> ''";

/// A line counts when it brought goods.
const LINES: &str = "
    SELECT sold.value AS person, known.value AS category, line.quantity
    FROM sold
    JOIN (SELECT order_id, product_id, quantity FROM order_lines
          WHERE quantity > 0 AND order_id >= $lowest AND order_id <= $highest) AS line
      ON line.order_id = sold.id
    JOIN product_categories AS known ON known.id = line.product_id";

/// Calls `take(person, category, quantity)` for every line with a category of
/// the orders in `sold` (order and person). Returns the names of the categories
/// in order; a category is the place of its name.
pub(super) async fn each_line(
    session: &SessionContext,
    mut sold: Vec<(i64, u32)>,
    span_orders: usize,
    mut take: impl FnMut(usize, usize, i64),
) -> Result<Vec<String>> {
    let names = number_categories(session).await?;
    sold.sort_unstable();
    for span in sold.chunks(span_orders) {
        let orders = span
            .iter()
            .map(|(order, person)| (*order, i64::from(*person)));
        session.deregister_table("sold")?;
        session.register_batch("sold", pairs(orders)?)?;
        let bounds = vec![
            integer("lowest", span[0].0),
            integer("highest", span[span.len() - 1].0),
        ];
        each(session, LINES, bounds, |batch| {
            let people = integers(batch, "person")?;
            let categories = integers(batch, "category")?;
            let quantities = integers(batch, "quantity")?;
            for row in 0..batch.num_rows() {
                let place = |column: &Int64Array| {
                    usize::try_from(column.value(row)).expect("places are not negative")
                };
                take(place(&people), place(&categories), quantities.value(row));
            }
            Ok(())
        })
        .await?;
    }
    Ok(names)
}

/// Makes the table `product_categories`, categories as places among the sorted
/// names.
async fn number_categories(session: &SessionContext) -> Result<Vec<String>> {
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
        (*id, place as i64)
    });
    session.register_batch("product_categories", pairs(numbered)?)?;
    Ok(names)
}

/// A table of two columns, `id` and `value`.
fn pairs(rows: impl Iterator<Item = (i64, i64)>) -> Result<RecordBatch> {
    let (ids, values): (Vec<i64>, Vec<i64>) = rows.unzip();
    let columns = ["id", "value"].map(|name| Field::new(name, DataType::Int64, false));
    let schema = Arc::new(Schema::new(columns.to_vec()));
    let arrays = vec![
        Arc::new(Int64Array::from(ids)) as Arc<_>,
        Arc::new(Int64Array::from(values)) as Arc<_>,
    ];
    Ok(RecordBatch::try_new(schema, arrays)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{LineRow, ProductRow, Row};

    #[tokio::test]
    async fn every_span_finds_the_lines_of_its_own_orders_once() {
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
        for span in [1, 2, 3, 100] {
            let session = SessionContext::new();
            session
                .register_batch("products", ProductRow::batch(&products).unwrap())
                .unwrap();
            session
                .register_batch("order_lines", LineRow::batch(&lines).unwrap())
                .unwrap();
            let sold = vec![(5, 0), (4, 1), (1, 0), (6, 2)];
            let mut found = Vec::new();
            let names = each_line(&session, sold, span, |person, category, quantity| {
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
}
