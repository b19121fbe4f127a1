//! How long requests take, by route, in a histogram each.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Upper bounds of the histogram, in milliseconds; what takes longer is counted
/// beyond the last.
pub const BUCKETS_MILLIS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 500, 1_000, 5_000];

/// A route by method and pattern, such as `GET /api/customers/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET`.
    pub method: String,
    /// With the names of its parameters, never their values.
    pub path: String,
}

/// The requests of one route since the program started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// All of them.
    pub count: u64,
    /// Those answered with 500 or more.
    pub failed: u64,
    /// Microseconds they took together.
    pub micros: u64,
    /// How many stayed within each of [`BUCKETS_MILLIS`] and not the one before.
    pub buckets: [u64; BUCKETS_MILLIS.len()],
}

impl Timing {
    fn add(&mut self, micros: u64, failed: bool) {
        self.count += 1;
        self.failed += u64::from(failed);
        self.micros += micros;
        let within = |bound: &u64| micros <= bound * 1_000;
        if let Some(bucket) = BUCKETS_MILLIS.iter().position(within) {
            self.buckets[bucket] += 1;
        }
    }

    /// The bound in milliseconds that 99 of 100 requests kept; none when that is
    /// beyond the last.
    pub fn ninety_ninth_millis(&self) -> Option<u64> {
        let wanted = (self.count * 99).div_ceil(100);
        let mut seen = 0;
        let reached = |count: &u64| {
            seen += count;
            seen >= wanted
        };
        let bucket = self.buckets.iter().position(reached)?;
        Some(BUCKETS_MILLIS[bucket])
    }
}

/// The requests of every route.
#[derive(Debug, Default)]
pub struct Requests(Mutex<BTreeMap<Route, Timing>>);

impl Requests {
    /// Counts one request.
    pub fn add(&self, route: Route, micros: u64, failed: bool) {
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        routes.entry(route).or_default().add(micros, failed);
    }

    /// Every route with its requests so far.
    pub fn all(&self) -> Vec<(Route, Timing)> {
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = |(route, timing): (&Route, &Timing)| (route.clone(), timing.clone());
        routes.iter().map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_keep_the_bound() {
        let mut timing = Timing::default();
        for _ in 0..99 {
            timing.add(900, false);
        }
        timing.add(7_000_000, true);
        assert_eq!(timing.ninety_ninth_millis(), Some(1));
        timing.add(15_000, false);
        assert_eq!(timing.ninety_ninth_millis(), Some(20));
        assert_eq!((timing.count, timing.failed), (101, 1));
        let mut slow = Timing::default();
        slow.add(6_000_000, false);
        assert_eq!(slow.ninety_ninth_millis(), None);
    }
}
