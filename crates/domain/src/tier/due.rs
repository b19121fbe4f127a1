//! When the passing of time alone may change a tier.

use super::{Criterion, Outcome, Override, Rule, Scheme};
use jiff::civil::Date;

/// The first day on which a judgement of the same orders may say something else; none
/// where it never does. `outcome` is what was said on `as_of`.
pub fn due(scheme: &Scheme, outcome: &Outcome, decided: &Override, as_of: Date) -> Option<Date> {
    let tomorrow = as_of.tomorrow().ok();
    if counts_days(scheme) {
        return tomorrow;
    }
    // A review that has come and is not passed waits for the end of its grace.
    let review = outcome
        .earned
        .review_on
        .map(|review| Some(review).max(tomorrow));
    let ends = decided.manual_until.map(|until| until.tomorrow().ok());
    let ends = ends.filter(|end| *end > Some(as_of));
    [review, ends].into_iter().flatten().flatten().min()
}

/// Whether the scheme asks for days, of which every customer has others tomorrow.
fn counts_days(scheme: &Scheme) -> bool {
    let is_of_days =
        |criterion: &Criterion| matches!(criterion, Criterion::Tenure | Criterion::Recency);
    let asked = scheme
        .levels
        .iter()
        .flat_map(|level| level.thresholds.keys());
    let weighed = match &scheme.rule {
        Rule::Weighted { weights } => weights.as_slice(),
        Rule::AllOf {} | Rule::AnyOf {} => &[],
    };
    let weighed = weighed.iter().map(|weight| &weight.criterion);
    asked.chain(weighed).any(is_of_days)
}
