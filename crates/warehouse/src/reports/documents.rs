//! The booking view: every paid document at its own date.

use deltalake::datafusion::prelude::{SessionContext, col, lit};
use jiff::civil::Date;

use crate::Result;
use crate::columns::{date, each, integers, view};
use crate::metrics::order_view;

/// An order is a sale that stands alone; the second half of an exchange adds
/// money and pieces, but no order.
const DOCUMENTS: &str = "
    SELECT doc.customer_id, doc.store_id, doc.business_date, doc.units,
           doc.reporting_net AS net,
           CAST(date_part('year', doc.business_date) AS BIGINT) * 12
               + CAST(date_part('month', doc.business_date) AS BIGINT) - 1 AS month,
           CASE WHEN doc.kind = 'sale' AND links.id IS NULL THEN 1 ELSE 0 END AS orders,
           CASE WHEN doc.kind = 'refund' THEN 1 ELSE 0 END AS refunds,
           CASE WHEN doc.kind = 'refund' THEN -doc.reporting_net ELSE 0 END AS refunded
    FROM orders AS doc
    LEFT JOIN links ON links.id = doc.id
    WHERE doc.status = 'paid' AND doc.business_date <= $as_of";

const STORES: &str = "SELECT id FROM stores WHERE country = $country";

/// Which part of the chain a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// One store only.
    pub store_id: Option<i64>,
    /// The stores of one country only, ISO 3166 alpha-2.
    pub country: Option<String>,
}

/// Makes the views `all_documents` and, narrowed to the place, `documents`;
/// also the table `links`.
pub(super) async fn documents(session: &SessionContext, as_of: Date, place: &Place) -> Result<()> {
    order_view::links(session).await?;
    view(
        session,
        "all_documents",
        DOCUMENTS,
        vec![date("as_of", as_of)],
    )
    .await?;
    let mut documents = session.table("all_documents").await?;
    if let Some(store_id) = place.store_id {
        documents = documents.filter(col("store_id").eq(lit(store_id)))?;
    }
    if let Some(country) = &place.country {
        let stores = stores_in(session, country).await?;
        let here = match stores.is_empty() {
            true => lit(false),
            false => col("store_id").in_list(stores.into_iter().map(lit).collect(), false),
        };
        documents = documents.filter(here)?;
    }
    session.register_table("documents", documents.into_view())?;
    Ok(())
}

async fn stores_in(session: &SessionContext, country: &str) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    each(
        session,
        STORES,
        vec![("country", country.into())],
        |batch| {
            ids.extend(integers(batch, "id")?.values().iter().copied());
            Ok(())
        },
    )
    .await?;
    Ok(ids)
}
