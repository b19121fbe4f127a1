//! Counts and exact net sales, to compare with the book or with a file.

use std::collections::BTreeMap;

use deltalake::datafusion::prelude::SessionContext;

use crate::Result;
use crate::columns::{each, integers, texts};

/// How much the warehouse holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Customer records that are not merged into another.
    pub customers: i64,
    /// Paid sales.
    pub orders: i64,
    /// Paid refunds.
    pub refunds: i64,
    /// Paid adjustments.
    pub adjustments: i64,
    /// Lines of all documents.
    pub order_lines: i64,
    /// Net of paid documents, by currency.
    pub net_sales: Vec<NetSales>,
}

/// Exact net sales in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetSales {
    /// ISO 4217.
    pub currency: String,
    /// Minor units: the exact total, rounded once, halves away from zero.
    pub net: i64,
}

const DOCUMENTS: &str = "
    SELECT kind, currency, COUNT(*) AS documents, SUM(net) AS net, SUM(net_residue) AS net_residue
    FROM orders
    WHERE status = 'paid'
    GROUP BY kind, currency";

const CUSTOMERS: &str = "SELECT COUNT(*) AS counted FROM customers WHERE id = golden_id";

const LINES: &str = "SELECT COUNT(*) AS counted FROM order_lines";

/// Millionths of a minor unit in a minor unit.
const RESIDUE_UNIT: i64 = 1_000_000;

/// Counts everything.
pub(crate) async fn totals(session: &SessionContext) -> Result<Totals> {
    let mut totals = Totals {
        customers: count(session, CUSTOMERS).await?,
        order_lines: count(session, LINES).await?,
        ..Totals::default()
    };
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    each(session, DOCUMENTS, Vec::new(), |batch| {
        let kinds = texts(batch, "kind")?;
        let currencies = texts(batch, "currency")?;
        let documents = integers(batch, "documents")?;
        let nets = integers(batch, "net")?;
        let residues = integers(batch, "net_residue")?;
        for row in 0..batch.num_rows() {
            let documents = documents.value(row);
            match kinds.value(row) {
                "sale" => totals.orders += documents,
                "refund" => totals.refunds += documents,
                _ => totals.adjustments += documents,
            }
            let sum = sums.entry(currencies.value(row).to_owned()).or_default();
            sum.0 += nets.value(row);
            sum.1 += residues.value(row);
        }
        Ok(())
    })
    .await?;
    totals.net_sales = sums
        .into_iter()
        .map(|(currency, (net, residue))| NetSales {
            currency,
            net: exact(net, residue),
        })
        .collect();
    Ok(totals)
}

/// `net + residue / 1,000,000`, rounded once.
fn exact(net: i64, residue: i64) -> i64 {
    let whole = net + residue.div_euclid(RESIDUE_UNIT);
    let rest = residue.rem_euclid(RESIDUE_UNIT);
    let up = match whole < 0 {
        true => rest * 2 > RESIDUE_UNIT,
        false => rest * 2 >= RESIDUE_UNIT,
    };
    whole + i64::from(up)
}

async fn count(session: &SessionContext, sql: &str) -> Result<i64> {
    let mut rows = 0;
    each(session, sql, Vec::new(), |batch| {
        rows += integers(batch, "counted")?.values().iter().sum::<i64>();
        Ok(())
    })
    .await?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residues_are_rounded_once_with_the_total() {
        for (net, residue, expected) in [
            (10, 0, 10),
            (10, 499_999, 10),
            (10, 500_000, 11),
            (10, -500_000, 10),
            (10, -500_001, 9),
            (-10, -500_000, -11),
            (-10, 500_000, -10),
            (0, -500_000, -1),
            (0, 500_000, 1),
            (0, 3_400_000, 3),
        ] {
            assert_eq!(
                exact(net, residue),
                expected,
                "{net} and {residue} millionths"
            );
        }
    }
}
