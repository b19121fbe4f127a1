//! Cohorts by month of the first order: who comes back in later months.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::Ratio;
use super::months::{Calendar, first_day, is_complete, month_of};
use crate::Result;
use crate::projection::{Customer, Detail, Document};
use crate::snapshot::Snapshot;

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

/// How many customers of the cohort of a month ordered so many months later.
type Cells = BTreeMap<i64, BTreeMap<i64, i64>>;

/// Computes the matrix.
pub(crate) async fn cohorts(snapshot: &Snapshot, as_of: Date) -> Result<Cohorts> {
    let orders = snapshot.orders(as_of, Detail::Orders).await?;
    let calendar = Arc::new(Calendar::until(as_of));
    let take = move |cells: &mut Cells, customer: &Customer| {
        let counts = |document: &&Document| document.kept().is_some_and(|kept| kept.counts);
        let months = customer.documents.iter().filter(counts);
        let mut months: Vec<i64> = months
            .map(|document| calendar.month(document.day))
            .collect();
        months.sort_unstable();
        months.dedup();
        let Some(began) = months.first().filter(|_| customer.id.is_some()) else {
            return;
        };
        let cohort = cells.entry(*began).or_default();
        for month in &months {
            *cohort.entry(month - began).or_default() += 1;
        }
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    let mut cells = Cells::default();
    for some in orders.fold(stretches, take).await? {
        for (began, later) in some {
            let cohort = cells.entry(began).or_default();
            for (distance, customers) in later {
                *cohort.entry(distance).or_default() += customers;
            }
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
