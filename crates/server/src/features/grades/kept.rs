//! What a row keeps of its reasons: enough to work out the explanation again,
//! word for word, with the scheme of that version. The full text would make the
//! book several times larger.

use clientele_domain::tier::{
    Figures, Outcome, Override, Previous, Scheme, Standing, Why, evaluate,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entity::grade;
use crate::error::Result;

/// The reasons behind one tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The scheme's version.
    #[serde(rename = "v")]
    pub version: i64,
    /// What the rule looked at.
    #[serde(rename = "f")]
    pub figures: Figures,
    /// What the rule alone gives.
    #[serde(rename = "e")]
    pub earned: Standing,
    /// What people had decided.
    #[serde(rename = "o", default, skip_serializing_if = "is_nothing")]
    pub decided: Override,
}

fn is_nothing(decided: &Override) -> bool {
    *decided == Override::default()
}

impl Kept {
    /// The text in a history, which is of one day.
    pub fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// The text in a row of grades, which leaves out what every day changes.
    pub fn row_text(&self) -> Result<String> {
        let figures = Figures {
            tenure_days: 0,
            recency_days: None,
            ..self.figures
        };
        let lasting = Kept {
            figures,
            ..self.clone()
        };
        lasting.text()
    }

    /// What a row of grades says as of a day; none before the first grading.
    pub fn of_row(row: &grade::Model, as_of: Date) -> Result<Option<Kept>> {
        let Some(mut kept) = Kept::of(&row.why)? else {
            return Ok(None);
        };
        kept.figures.tenure_days = days_since(&row.first_order, as_of).unwrap_or(0);
        kept.figures.recency_days = days_since(&row.last_order, as_of);
        Ok(Some(kept))
    }

    /// What the book kept; none before the first grading.
    pub fn of(text: &str) -> Result<Option<Kept>> {
        if text.is_empty() || text == "{}" || text == "null" {
            return Ok(None);
        }
        Ok(Some(serde_json::from_str(text)?))
    }

    /// The explanation. Judging the same figures again as of the same date gives
    /// the same answer, so nothing but its inputs needs to be kept.
    pub fn why(&self, scheme: &Scheme, tier: &str, since: Date, as_of: Date) -> Why {
        self.judge(scheme, tier, since, as_of).why
    }

    /// The same figures judged again.
    pub fn judge(&self, scheme: &Scheme, tier: &str, since: Date, as_of: Date) -> Outcome {
        let previous = Previous {
            tier: tier.to_owned(),
            since: Some(since),
            earned: Some(self.earned.clone()),
        };
        evaluate(
            scheme,
            self.version,
            &self.figures,
            &previous,
            &self.decided,
            as_of,
        )
    }
}

/// Days from a date in a row until another date; none where the row has none.
pub fn days_since(date: &str, as_of: Date) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    Some(i64::from((as_of - date).get_days()))
}

/// What the last grading left behind, for the rule.
pub(super) fn previous(row: Option<&grade::Model>) -> Result<Previous> {
    let Some(row) = row else {
        return Ok(Previous::default());
    };
    Ok(Previous {
        tier: row.tier.clone(),
        since: row.tier_since.parse().ok(),
        earned: Kept::of(&row.why)?.map(|kept| kept.earned),
    })
}
