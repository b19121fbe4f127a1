//! The order view: every sale with what refunds and exchanges left of it.
//!
//! A document belongs to a sale when its `original_id` leads there, directly or
//! over one document in between (a refund of the second half of an exchange).
//! The sale must be one without an original itself and in the same currency;
//! else the document stands alone. That rule is total: no amount is lost and
//! none counts twice.
//!
//! * A linked document changes the sale's amounts at the sale's date and for
//!   the sale's customer. If the sale is not paid, it never existed, and
//!   neither does what belongs to it.
//! * A document that stands alone changes net amounts at its own date and for
//!   its own customer. If it is a sale, it is an order.
//! * An order counts while something of it is left: its exact net in its own
//!   currency is positive, or it was free from the start (net zero, nothing
//!   linked). CDNOW's eight free orders are orders; a fully refunded one, or a
//!   "sale" of negative net, is none.

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::Result;
use crate::columns::{date, keep, view};

/// The documents that belong to a sale.
const LINKS: &str = "
    SELECT part.id, part.kind, part.business_date, part.net, part.net_residue,
           part.reporting_net, sale.id AS sale_id
    FROM orders AS part
    JOIN orders AS original ON original.id = part.original_id
    JOIN orders AS sale ON sale.id = COALESCE(original.original_id, original.id)
    WHERE part.status = 'paid' AND part.original_id IS NOT NULL
      AND sale.kind = 'sale' AND sale.original_id IS NULL
      AND sale.currency = part.currency";

/// What the linked documents up to a date do to each sale.
const AMENDMENTS: &str = "
    SELECT sale_id, SUM(net) AS net, SUM(net_residue) AS net_residue,
           SUM(reporting_net) AS reporting_net,
           SUM(CASE WHEN kind = 'sale' THEN reporting_net ELSE 0 END) AS sales,
           SUM(CASE WHEN kind = 'refund' THEN -reporting_net ELSE 0 END) AS refunds
    FROM links
    WHERE business_date <= $as_of
    GROUP BY sale_id";

/// Paid documents up to a date, the linked ones folded into their sales.
const ORDER_VIEW: &str = "
    SELECT doc.id, doc.customer_id, doc.store_id, doc.channel, doc.business_date,
           doc.reporting_net + COALESCE(amended.reporting_net, 0) AS net,
           CASE WHEN doc.kind <> 'sale' THEN 0
                WHEN amended.sale_id IS NULL
                THEN CASE WHEN doc.net * 1000000 + doc.net_residue >= 0 THEN 1 ELSE 0 END
                WHEN (doc.net + amended.net) * 1000000
                     + doc.net_residue + amended.net_residue > 0 THEN 1
                ELSE 0 END AS counts,
           CASE WHEN doc.kind = 'sale' THEN doc.reporting_net ELSE 0 END
               + COALESCE(amended.sales, 0) AS sales,
           CASE WHEN doc.kind = 'refund' THEN -doc.reporting_net ELSE 0 END
               + COALESCE(amended.refunds, 0) AS refunds
    FROM orders AS doc
    LEFT ANTI JOIN links ON links.id = doc.id
    LEFT JOIN amendments AS amended ON amended.sale_id = doc.id
    WHERE doc.status = 'paid' AND doc.business_date <= $as_of";

/// Makes the table `links`: which documents belong to which sale.
pub(crate) async fn links(session: &SessionContext) -> Result<()> {
    keep(session, "links", LINKS, Vec::new()).await
}

/// Makes the view `order_view` as of the end of a date; needs `links`.
pub(crate) async fn order_view(session: &SessionContext, as_of: Date) -> Result<()> {
    keep(
        session,
        "amendments",
        AMENDMENTS,
        vec![date("as_of", as_of)],
    )
    .await?;
    view(
        session,
        "order_view",
        ORDER_VIEW,
        vec![date("as_of", as_of)],
    )
    .await
}
