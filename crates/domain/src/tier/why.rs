//! The explanation of a grade.

use super::{Criterion, Standing};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything a person needs to understand a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Why {
    /// The rule that decided, with the names and dates of its sentence.
    pub rule: WhyRule,
    /// The figures against the thresholds of the level shown.
    pub criteria: Vec<CriterionWhy>,
    /// What is missing to the next level; none at the top.
    pub next_level: Option<NextLevel>,
    /// The scheme that was applied.
    pub scheme_version: i64,
    /// The date of the grading.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// The dates that counted.
    pub window: Window,
    /// The rule's own standing without manual grade and floor.
    pub earned: Standing,
}

/// Dates that count, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Window {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
}

/// Which rule decided; `kind` and `params` are a sentence for the translator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", content = "params", rename_all = "snake_case")]
pub enum WhyRule {
    /// The figures reach the level.
    Qualified {
        /// The level.
        level: String,
        /// `all_of`, `any_of` or `weighted`.
        mode: String,
    },
    /// The figures reach no level.
    BelowAll {
        /// `all_of`, `any_of` or `weighted`.
        mode: String,
    },
    /// The level is kept until its review.
    Held {
        /// The level.
        level: String,
        /// The day of the review.
        #[schema(value_type = String, format = Date)]
        review_on: Date,
    },
    /// The level is kept for the days of grace.
    Grace {
        /// The level.
        level: String,
        /// The day of the review that was missed.
        #[schema(value_type = String, format = Date)]
        review_on: Date,
        /// The last day of grace.
        #[schema(value_type = String, format = Date)]
        until: Date,
    },
    /// The floor holds.
    Floor {
        /// The level.
        level: String,
        /// What the rule alone would give; empty for none.
        earned: String,
    },
    /// Given by hand.
    Manual {
        /// The level.
        level: String,
        /// What the rule alone would give; empty for none.
        earned: String,
        /// The reason somebody wrote.
        reason: String,
        /// The last day on which it holds; none for no end.
        #[schema(value_type = Option<String>, format = Date)]
        until: Option<Date>,
    },
}

/// In what a figure is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Minor units of the scheme's currency.
    Money,
    /// Purchase occasions.
    Occasions,
    /// Calendar days.
    Days,
    /// Points of the weighted score.
    Points,
}

/// One figure against its threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CriterionWhy {
    /// What is looked at.
    pub criterion: Criterion,
    /// The customer's figure; none where there is no order to count from.
    pub figure: Option<i64>,
    /// What the level asks for; none for a part of a weighted score.
    pub threshold: Option<i64>,
    /// Whether the figure is enough; parts of a score always are.
    pub met: bool,
    /// In what both are counted.
    pub unit: Unit,
    /// Points this criterion gives; none outside weighted schemes.
    pub points: Option<i64>,
}

/// The level above, and how far away it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NextLevel {
    /// The level.
    pub code: String,
    /// Whether one of the missing things is enough.
    pub any: bool,
    /// What is missing, empty when only manual grading keeps it away.
    pub missing: Vec<Missing>,
}

/// One threshold not reached yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Missing {
    /// What is looked at.
    pub criterion: Criterion,
    /// The customer's figure; none where there is no order to count from.
    pub figure: Option<i64>,
    /// What the level asks for.
    pub threshold: i64,
    /// How much is missing; for recency how many days too many.
    pub gap: Option<i64>,
    /// In what all three are counted.
    pub unit: Unit,
}
