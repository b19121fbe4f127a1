//! Cohorts by month of the first order: who comes back in later months.

use std::collections::BTreeMap;

use deltalake::datafusion::prelude::SessionContext;
use jiff::civil::Date;

use super::Ratio;
use super::months::{Calendar, cell, first_day, is_complete, month_of};
use crate::Result;
use crate::metrics::customers;
use crate::metrics::order_view::{Detail, order_view};
use crate::numbers::{Ids, high, low, pair, sort};

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

/// Computes the matrix.
pub(crate) async fn cohorts(session: &SessionContext, as_of: Date) -> Result<Cohorts> {
    let calendar = Calendar::until(as_of);
    let mut people = Ids::of(customers(session).await?);
    // Person and month of every order.
    let mut active: Vec<u64> = Vec::new();
    order_view(session, as_of, Detail::Occasions, |document| {
        if document.counts {
            let month = cell(calendar.month(document.day));
            active.push(pair(people.number(document.customer_id), month));
        }
    })
    .await?;
    sort(&mut active, |pair| *pair);
    active.dedup();
    let mut cells: BTreeMap<i64, BTreeMap<i64, i64>> = BTreeMap::new();
    for own in active.chunk_by(|left, right| high(*left) == high(*right)) {
        let began = i64::from(low(own[0]));
        let cohort = cells.entry(began).or_default();
        for month in own {
            *cohort.entry(i64::from(low(*month)) - began).or_default() += 1;
        }
    }
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
