//! Which category each customer buys most.
//!
//! The one question that joins lines with orders. It is asked for spans of
//! order ids: files hold spans of ids, so every span reads its own files only,
//! and the join's memory stays the same however long the history is.

use std::sync::Arc;

use deltalake::arrow::array::Int64Array;
use deltalake::arrow::datatypes::{DataType, Field, Schema};
use deltalake::arrow::record_batch::RecordBatch;
use deltalake::datafusion::prelude::SessionContext;

use crate::Result;
use crate::columns::{each, integer, integers, texts};
use crate::files;
use crate::rows::OrderRow;
use crate::tables::Tables;

/// Orders that one question looks at.
const SPAN_ROWS: usize = 2_000_000;

const PRODUCTS: &str = "SELECT id, category FROM products WHERE category <> ''";

/// A line counts when it is of an order that counts and brought goods.
const LINES: &str = "
    SELECT sold.customer_id, known.category, COUNT(*) AS lines, SUM(line.quantity) AS quantity
    FROM (SELECT id, customer_id FROM order_view
          WHERE counts = 1 AND customer_id IS NOT NULL
            AND id >= $lowest AND id <= $highest) AS sold
    JOIN (SELECT order_id, product_id, quantity FROM order_lines
          WHERE quantity > 0 AND order_id >= $lowest AND order_id <= $highest) AS line
      ON line.order_id = sold.id
    JOIN product_categories AS known ON known.product_id = line.product_id
    GROUP BY sold.customer_id, known.category";

/// The names of all categories, sorted.
pub(crate) struct Categories(pub(crate) Vec<String>);

/// Calls `take(customer, category, lines, quantity)`, the category as an index
/// into the returned names; the same pair may come several times.
pub(crate) async fn each_category(
    session: &SessionContext,
    tables: &Tables,
    mut take: impl FnMut(i64, usize, i64, i64),
) -> Result<Categories> {
    let names = number_categories(session).await?;
    for (lowest, highest) in spans(tables)? {
        let span = vec![integer("lowest", lowest), integer("highest", highest)];
        each(session, LINES, span, |batch| {
            let customers = integers(batch, "customer_id")?;
            let categories = integers(batch, "category")?;
            let lines = integers(batch, "lines")?;
            let quantities = integers(batch, "quantity")?;
            for row in 0..batch.num_rows() {
                let category = usize::try_from(categories.value(row)).unwrap_or(usize::MAX);
                take(
                    customers.value(row),
                    category,
                    lines.value(row),
                    quantities.value(row),
                );
            }
            Ok(())
        })
        .await?;
    }
    Ok(Categories(names))
}

/// Makes the table `product_categories` with categories as numbers, which group
/// faster than texts.
async fn number_categories(session: &SessionContext) -> Result<Vec<String>> {
    let mut products: Vec<(i64, String)> = Vec::new();
    each(session, PRODUCTS, Vec::new(), |batch| {
        let ids = integers(batch, "id")?;
        let categories = texts(batch, "category")?;
        products.extend(
            (0..batch.num_rows()).map(|row| (ids.value(row), categories.value(row).to_owned())),
        );
        Ok(())
    })
    .await?;
    let mut names: Vec<String> = products.iter().map(|(_, name)| name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    let number = |name: &String| names.binary_search(name).map_or(-1, |index| index as i64);
    let ids = Int64Array::from_iter_values(products.iter().map(|(id, _)| *id));
    let numbers = Int64Array::from_iter_values(products.iter().map(|(_, name)| number(name)));
    let schema = Arc::new(Schema::new(vec![
        Field::new("product_id", DataType::Int64, false),
        Field::new("category", DataType::Int64, false),
    ]));
    let batch = RecordBatch::try_new(schema, vec![Arc::new(ids), Arc::new(numbers)])?;
    session.register_batch("product_categories", batch)?;
    Ok(names)
}

/// Spans of order ids that together cover all of them.
fn spans(tables: &Tables) -> Result<Vec<(i64, i64)>> {
    let mut spans = Vec::new();
    let (mut lowest, mut rows) = (i64::MIN, 0);
    for file in files::list::<OrderRow>(&tables.orders)? {
        if rows > 0 && rows + file.rows > SPAN_ROWS && file.keys.0 > lowest {
            spans.push((lowest, file.keys.0 - 1));
            (lowest, rows) = (file.keys.0, 0);
        }
        rows += file.rows;
    }
    spans.push((lowest, i64::MAX));
    Ok(spans)
}
