//! Reports over everybody, each a plain struct and one file.
//!
//! Sales reports are in the **booking view**: every paid document counts at its
//! own date, so closed periods change only when something arrives late for
//! them. Reports on customers' behaviour (cohorts, repurchase, active
//! customers) are in the order view of [`crate::metrics`]. Amounts are in the
//! reporting currency at order-date rates.

pub(crate) mod cohorts;
pub(crate) mod home;
pub(crate) mod monthly;
mod months;
mod place;
pub(crate) mod stores;
pub(crate) mod totals;

pub use cohorts::{Cohort, Cohorts};
pub use home::Home;
pub use monthly::{Month, MonthlyQuery};
pub use place::Place;
pub use stores::{StoreFigures, StoreMonth, StorePeriod};
pub use totals::{NetSales, Totals};

/// A share kept as its two parts, so that it can be added up correctly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ratio {
    /// The part.
    pub numerator: i64,
    /// The whole.
    pub denominator: i64,
}

impl Ratio {
    /// The share; none when the whole is zero.
    pub fn value(self) -> Option<f64> {
        (self.denominator != 0).then(|| self.numerator as f64 / self.denominator as f64)
    }
}
