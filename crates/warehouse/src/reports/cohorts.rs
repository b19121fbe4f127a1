//! Cohorts by month of the first order: who comes back in later months.

use std::collections::BTreeMap;

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::Ratio;
use super::months::{first_day, is_complete, month_of};
use crate::Result;
use crate::columns::{each, integers};
use crate::metrics::order_view;

/// The cohort matrix in the order view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohorts {
    /// The last date that counts.
    pub as_of: Date,
    /// By month of the first order; months without newcomers are left out.
    pub cohorts: Vec<Cohort>,
    /// For each distance in months, retained ÷ size over the cohorts old enough.
    pub overall: Vec<Ratio>,
}

/// Customers who first ordered in the same month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// The first day of the month.
    pub month: Date,
    /// Customers in it.
    pub size: i64,
    /// Those who ordered so many months later, from zero on; none where the
    /// month is not over yet.
    pub retained: Vec<Option<i64>>,
}

const CELLS: &str = "
    SELECT own.cohort, own.month - own.cohort AS distance, COUNT(*) AS customers
    FROM (
        SELECT active.customer_id, active.month, began.month AS cohort
        FROM occasion_months AS active
        JOIN (SELECT customer_id, MIN(month) AS month FROM occasion_months GROUP BY customer_id)
            AS began ON began.customer_id = active.customer_id
    ) AS own
    GROUP BY own.cohort, own.month - own.cohort";

const OCCASION_MONTHS: &str = "
    SELECT DISTINCT customer_id,
           CAST(date_part('year', business_date) AS BIGINT) * 12
               + CAST(date_part('month', business_date) AS BIGINT) - 1 AS month
    FROM order_view
    WHERE counts = 1 AND customer_id IS NOT NULL";

/// Computes the matrix.
pub(crate) async fn cohorts(session: &SessionContext, as_of: Date) -> Result<Cohorts> {
    order_view::links(session).await?;
    order_view::order_view(session, as_of).await?;
    crate::columns::keep(session, "occasion_months", OCCASION_MONTHS, Vec::new()).await?;
    let mut cells: BTreeMap<i64, BTreeMap<i64, i64>> = BTreeMap::new();
    each(session, CELLS, Vec::new(), |batch| {
        let cohorts = integers(batch, "cohort")?;
        let distances = integers(batch, "distance")?;
        let customers = integers(batch, "customers")?;
        for row in 0..batch.num_rows() {
            let cohort = cells.entry(cohorts.value(row)).or_default();
            cohort.insert(distances.value(row), customers.value(row));
        }
        Ok(())
    })
    .await?;
    let now = month_of(as_of);
    let cohorts: Vec<Cohort> = cells
        .into_iter()
        .map(|(month, cells)| Cohort {
            month: first_day(month),
            size: cells.get(&0).copied().unwrap_or(0),
            retained: (0..=now - month)
                .map(|distance| {
                    is_complete(month + distance, as_of)
                        .then(|| cells.get(&distance).copied().unwrap_or(0))
                })
                .collect(),
        })
        .collect();
    Ok(Cohorts {
        as_of,
        overall: overall(&cohorts),
        cohorts,
    })
}

fn overall(cohorts: &[Cohort]) -> Vec<Ratio> {
    let mut overall: Vec<Ratio> = Vec::new();
    for cohort in cohorts {
        for (distance, retained) in cohort.retained.iter().enumerate() {
            let Some(retained) = retained else { continue };
            if overall.len() <= distance {
                overall.resize(distance + 1, Ratio::default());
            }
            overall[distance].numerator += retained;
            overall[distance].denominator += cohort.size;
        }
    }
    overall
}
