//! Tiers: the scheme a chain edits and the rule that applies it.
//!
//! A scheme holds criteria over a window and levels from low to high. A
//! customer is promoted at once; a demotion happens only at the review date
//! and after the days of grace. A manual grade and a floor stand above the
//! rule without erasing what the rule itself has given: that *standing* is
//! carried from run to run inside the explanation.

mod defaults;
mod due;
mod evaluate;
mod score;
mod validate;
mod why;

pub use defaults::default_scheme;
pub use due::due;
pub use evaluate::evaluate;
pub use score::{qualified_rank, score};
pub use validate::{Problem, ProblemKind, validate};
pub use why::{CriterionWhy, Missing, NextLevel, Unit, Why, WhyRule, Window};

use crate::money::Currency;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The rules by which a chain grades its customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Days that count, ending with the as-of date.
    pub window_days: i64,
    /// Currency of every spend threshold: the reporting currency.
    pub currency: Currency,
    /// How the criteria are combined.
    pub rule: Rule,
    /// Levels from low to high.
    pub levels: Vec<Level>,
    /// Months after which a level is reviewed; 0 reviews it in every run.
    pub review_months: i64,
    /// Days after the review date for which a level is kept regardless.
    pub grace_days: i64,
    /// Whether a level won with purchases that were refunded is lost at once.
    pub refunds_may_demote: bool,
}

/// How criteria are combined into a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// A level needs every threshold it names.
    AllOf {},
    /// A level needs one of the thresholds it names.
    AnyOf {},
    /// A level needs a score, the sum of points over criteria.
    Weighted {
        /// What gives how many points.
        weights: Vec<Weight>,
    },
}

/// Points for one criterion: `points` for every full `unit`, at most `cap`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// What is counted. Recency counts the days of the window still left.
    pub criterion: Criterion,
    /// How much of it is one unit.
    pub unit: i64,
    /// Points for each unit.
    pub points: i64,
    /// The most points it can give.
    pub cap: i64,
}

/// What a level may ask for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Net spend in the window, in minor units; at least.
    Spend,
    /// Purchase occasions in the window; at least.
    Frequency,
    /// Days since the first order; at least.
    Tenure,
    /// Days since the last order; at most.
    Recency,
    /// The weighted score; at least.
    Score,
}

/// One level of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// A short stable name for files and links.
    pub code: String,
    /// The name people see.
    pub name: Names,
    /// A colour as `#rrggbb`.
    pub color: String,
    /// What the level gives.
    pub benefits: Vec<Names>,
    /// What the level asks for; empty means everybody has it.
    pub thresholds: BTreeMap<Criterion, i64>,
}

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// What the rule looks at for one customer, all as of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Net spend in the window, refunds deducted, in reporting minor units.
    pub spend: i64,
    /// Purchase occasions in the window, fully refunded ones left out.
    pub frequency: i64,
    /// Days since the first order; 0 without one.
    pub tenure_days: i64,
    /// Days since the last order; none without one.
    pub recency_days: Option<i64>,
    /// What refunds took from `spend`, as a positive amount.
    pub refunded_spend: i64,
    /// Occasions that refunds took from `frequency`.
    pub refunded_occasions: i64,
}

/// The level the rule itself has given, without manual grade and floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Level code; empty below every level.
    pub tier: String,
    /// The day it was reached.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The day of the next review; none where no demotion is possible.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_on: Option<Date>,
}

/// What the last run left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// The level shown until now; empty for none.
    pub tier: String,
    /// Since when; none before the first run.
    pub since: Option<Date>,
    /// The rule's own standing; none before the first run.
    pub earned: Option<Standing>,
}

/// What people have decided for one customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// A level given by hand; empty for none.
    pub manual_tier: String,
    /// Why it was given.
    pub manual_reason: String,
    /// The last day on which it holds; none for no end.
    pub manual_until: Option<Date>,
    /// The customer never falls below this level; empty for none.
    pub floor_tier: String,
}

/// Why a customer has the level shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The figures reach it.
    Rule,
    /// The figures no longer reach it, but the review is not due.
    Held,
    /// The review is past, the days of grace are not.
    Grace,
    /// The floor is higher than what the rule gives.
    Floor,
    /// Somebody gave it by hand.
    Manual,
}

impl Cause {
    /// The name used in the book, the API and files.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Rule => "rule",
            Cause::Held => "held",
            Cause::Grace => "grace",
            Cause::Floor => "floor",
            Cause::Manual => "manual",
        }
    }
}

/// The grade of one customer with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Level code; empty below every level.
    pub tier: String,
    /// 0 below every level, 1 for the lowest level and so on.
    pub rank: i64,
    /// Why.
    pub cause: Cause,
    /// Since when the level is shown.
    pub since: Date,
    /// When a demotion may happen at the earliest; none if never.
    pub review_on: Option<Date>,
    /// The rule's own standing, to be given back as `Previous::earned`.
    pub earned: Standing,
    /// The figures and the rule behind it.
    pub why: Why,
}

impl Scheme {
    /// The level of a code.
    pub fn level(&self, code: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.code == code)
    }

    /// The rank of a code; 0 for the empty code and for codes no longer in use.
    pub fn rank(&self, code: &str) -> usize {
        self.levels
            .iter()
            .position(|level| level.code == code)
            .map_or(0, |at| at + 1)
    }

    /// The level of a rank; none for rank 0.
    pub fn at(&self, rank: usize) -> Option<&Level> {
        self.levels.get(rank.checked_sub(1)?)
    }

    /// The dates that count for an as-of date, both included.
    pub fn window(&self, as_of: Date) -> Window {
        let days = jiff::Span::new()
            .try_days(self.window_days - 1)
            .unwrap_or_default();
        Window {
            from: as_of.saturating_sub(days),
            to: as_of,
        }
    }
}

impl Outcome {
    /// What the next run needs to know.
    pub fn as_previous(&self) -> Previous {
        Previous {
            tier: self.tier.clone(),
            since: Some(self.since),
            earned: Some(self.earned.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
