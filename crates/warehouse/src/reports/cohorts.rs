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

/// How many customers of the cohort of a month ordered so many months later, from zero on.
#[derive(Default)]
struct Cells {
    by_month: BTreeMap<i64, Vec<i64>>,
    /// The months of the customer who is looked at.
    months: Vec<i64>,
}

impl Cells {
    /// Counts a customer with the months they ordered in, which are in `months`.
    fn count(&mut self) {
        self.months.sort_unstable();
        self.months.dedup();
        let Some(began) = self.months.first() else {
            return;
        };
        let cohort = self.by_month.entry(*began).or_default();
        for month in &self.months {
            *cell(cohort, (month - began) as usize) += 1;
        }
    }

    /// Adds those of other customers.
    fn join(&mut self, other: Cells) {
        for (began, later) in other.by_month {
            let cohort = self.by_month.entry(began).or_default();
            for (distance, customers) in later.into_iter().enumerate() {
                *cell(cohort, distance) += customers;
            }
        }
    }
}

fn cell(cohort: &mut Vec<i64>, distance: usize) -> &mut i64 {
    if cohort.len() <= distance {
        cohort.resize(distance + 1, 0);
    }
    &mut cohort[distance]
}

/// Computes the matrix.
pub(crate) async fn cohorts(snapshot: &Snapshot, as_of: Date) -> Result<Cohorts> {
    let orders = snapshot.orders(as_of, Detail::Days).await?;
    let calendar = Arc::new(Calendar::until(as_of));
    let take = move |cells: &mut Cells, customer: &Customer| {
        if customer.id.is_none() {
            return;
        }
        let counts = |document: &&Document| document.kept().is_some_and(|kept| kept.counts);
        let days = customer.documents.iter().filter(counts);
        cells.months.clear();
        cells
            .months
            .extend(days.map(|document| calendar.month(document.day)));
        cells.count();
    };
    let stretches = orders.stretches(snapshot.memory_of_a_thread());
    let mut cells = Cells::default();
    for some in orders.fold(stretches, take).await? {
        cells.join(some);
    }
    let now = month_of(as_of);
    let cohorts: Vec<Cohort> = (cells.by_month.into_iter())
        .map(|(month, mut cells)| Cohort {
            month: first_day(month),
            size: *cell(&mut cells, 0),
            retained: (0..=now - month)
                .map(|distance| {
                    is_complete(month + distance, as_of)
                        .then(|| *cell(&mut cells, distance as usize))
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
