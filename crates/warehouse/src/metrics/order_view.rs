//! The order view: every sale with what refunds and exchanges left of it.
//!
//! Which document belongs to which sale is the rule of [`crate::links`]. That rule
//! is total: no amount is lost and none counts twice.
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
//!
//! The table is passed by once. What names an original, or is named, waits until the
//! end; everything else is given out as it comes.

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::Result;
use crate::columns::{days, each, integers, optional, texts, truths};
use crate::links::{Links, Node};
use crate::numbers::{IdMap, Words};
use crate::rows::day_of;

/// A paid document of a known customer that stands alone, with what belongs to it
/// folded in.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    pub(crate) id: i64,
    pub(crate) customer_id: i64,
    pub(crate) store_id: Option<i64>,
    /// The number of its channel; none for an empty one.
    pub(crate) channel: Option<u32>,
    pub(crate) day: i32,
    /// In the reporting currency.
    pub(crate) net: i64,
    /// Whether it is an order of which something is left.
    pub(crate) counts: bool,
    /// What was sold, in the reporting currency.
    pub(crate) sales: i64,
    /// What was given back of it, positive.
    pub(crate) refunds: i64,
}

/// What is read of every document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Everything.
    All,
    /// Who ordered and when: no store, channel or amount.
    Occasions,
}

const DOCUMENTS: &str = "
    SELECT id, original_id, customer_id, business_date, currency, net, net_residue,
           kind = 'sale' AS is_sale, kind = 'refund' AS is_refund, status = 'paid' AS is_paid,
           store_id, channel, reporting_net
    FROM orders";

const OCCASIONS: &str = "
    SELECT id, original_id, customer_id, business_date, currency, net, net_residue,
           kind = 'sale' AS is_sale, kind = 'refund' AS is_refund, status = 'paid' AS is_paid,
           CAST(NULL AS BIGINT) AS store_id, '' AS channel, CAST(0 AS BIGINT) AS reporting_net
    FROM orders";

/// A document as the table has it.
#[derive(Clone, Copy)]
struct Raw {
    id: i64,
    customer_id: Option<i64>,
    store_id: Option<i64>,
    channel: Option<u32>,
    day: i32,
    is_sale: bool,
    is_refund: bool,
    is_paid: bool,
    net: i64,
    net_residue: i64,
    reporting_net: i64,
}

/// What the documents that belong to a sale do to it.
#[derive(Clone, Copy, Default)]
struct Amendment {
    net: i64,
    net_residue: i64,
    reporting_net: i64,
    sales: i64,
    refunds: i64,
}

/// Calls `take` for every document of the order view as of the end of a date, and
/// answers the channels by their numbers.
pub(crate) async fn order_view(
    session: &SessionContext,
    as_of: Date,
    detail: Detail,
    mut take: impl FnMut(Document),
) -> Result<Words> {
    let as_of = day_of(as_of);
    let mut links = Links::all(session).await?;
    let (mut currencies, mut channel_words) = (Words::default(), Words::default());
    let mut waiting: Vec<(Raw, Node)> = Vec::new();
    let sql = match detail {
        Detail::All => DOCUMENTS,
        Detail::Occasions => OCCASIONS,
    };
    each(session, sql, Vec::new(), |batch| {
        let ids = integers(batch, "id")?;
        let originals = integers(batch, "original_id")?;
        let customers = integers(batch, "customer_id")?;
        let dates = days(batch, "business_date")?;
        let sales = truths(batch, "is_sale")?;
        let refunds = truths(batch, "is_refund")?;
        let paid = truths(batch, "is_paid")?;
        let of_currency = texts(batch, "currency")?;
        let nets = integers(batch, "net")?;
        let residues = integers(batch, "net_residue")?;
        let stores = integers(batch, "store_id")?;
        let channels = texts(batch, "channel")?;
        let reporting = integers(batch, "reporting_net")?;
        let ids: &[i64] = ids.values();
        let dates: &[i32] = dates.values();
        let (nets, residues): (&[i64], &[i64]) = (nets.values(), residues.values());
        let reporting: &[i64] = reporting.values();
        for row in 0..batch.num_rows() {
            let raw = Raw {
                id: ids[row],
                customer_id: optional(&customers, row),
                store_id: optional(&stores, row),
                channel: match channels.value(row) {
                    "" => None,
                    name => Some(channel_words.number(name)),
                },
                day: dates[row],
                is_sale: sales[row],
                is_refund: refunds[row],
                is_paid: paid[row],
                net: nets[row],
                net_residue: residues[row],
                reporting_net: reporting[row],
            };
            let original_id = optional(&originals, row);
            let is_named = links.is_named(raw.id);
            if original_id.is_none() && !is_named {
                raw.give(as_of, None, &mut take);
                continue;
            }
            let node = Node {
                original_id,
                is_sale: raw.is_sale,
                currency: currencies.number(of_currency.value(row)),
            };
            if is_named {
                links.note(raw.id, node);
            }
            waiting.push((raw, node));
        }
        Ok(())
    })
    .await?;
    let mut amended: IdMap<Amendment> = IdMap::default();
    waiting.retain(|(raw, node)| {
        let sale = links.sale_of(*node).filter(|_| raw.is_paid);
        if let Some(sale) = sale.filter(|_| raw.day <= as_of) {
            amended.entry(sale).or_default().add(raw);
        }
        sale.is_none()
    });
    for (raw, _) in &waiting {
        raw.give(as_of, amended.get(&raw.id), &mut take);
    }
    Ok(channel_words)
}

impl Raw {
    /// Gives the document out, if it counts for anybody.
    fn give(&self, as_of: i32, amended: Option<&Amendment>, take: &mut impl FnMut(Document)) {
        let Some(customer_id) = self.customer_id else {
            return;
        };
        if !self.is_paid || self.day > as_of {
            return;
        }
        let folded = amended.copied().unwrap_or_default();
        let own = |is_such: bool| if is_such { self.reporting_net } else { 0 };
        take(Document {
            id: self.id,
            customer_id,
            store_id: self.store_id,
            channel: self.channel,
            day: self.day,
            net: self.reporting_net + folded.reporting_net,
            counts: self.is_sale && self.is_left(amended),
            sales: own(self.is_sale) + folded.sales,
            refunds: folded.refunds - own(self.is_refund),
        });
    }

    /// Whether something of a sale is left, or it was free from the start.
    fn is_left(&self, amended: Option<&Amendment>) -> bool {
        let exact = |net: i64, residue: i64| i128::from(net) * 1_000_000 + i128::from(residue);
        let own = exact(self.net, self.net_residue);
        match amended {
            None => own >= 0,
            Some(parts) => own + exact(parts.net, parts.net_residue) > 0,
        }
    }
}

impl Amendment {
    fn add(&mut self, part: &Raw) {
        self.net += part.net;
        self.net_residue += part.net_residue;
        self.reporting_net += part.reporting_net;
        if part.is_sale {
            self.sales += part.reporting_net;
        }
        if part.is_refund {
            self.refunds -= part.reporting_net;
        }
    }
}
