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
    /// The text in the book.
    pub fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
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
