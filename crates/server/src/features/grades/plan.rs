//! Everything one grading needs to know before it looks at single customers.

use std::{num::NonZeroUsize, sync::Arc, thread::available_parallelism};

use anyhow::Context;
use clientele_domain::{
    abc, lifecycle,
    rfm::{self, Breakpoints, Group},
    tier::{self, Outcome, Override, Previous, evaluate},
};
use clientele_warehouse::{
    metrics::{CustomerMetrics, Metrics, MetricsQuery},
    rows::Digest,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{entity::grade, kept::Kept, store};
use crate::{
    app::App,
    error::Result,
    features::{settings::Settings, tiers::Published},
};

/// Limits older than this are taken anew.
const LIMIT_DAYS: i64 = 31;

/// Score limits with what they were taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frozen {
    /// When they were taken.
    pub as_of: Date,
    /// The window they hold for.
    pub window_days: i64,
    /// The limits.
    pub limits: Breakpoints,
}

impl Frozen {
    /// Whether these limits still suit: same window, not too old, and a
    /// population of about the same size.
    fn suits(&self, fresh: &Frozen) -> bool {
        let age = days(self.as_of, fresh.as_of);
        let (before, now) = (self.limits.n, fresh.limits.n);
        self.window_days == fresh.window_days
            && (0..=LIMIT_DAYS).contains(&age)
            && before.abs_diff(now) * 10 <= before
    }
}

/// What the figures of one customer are worth beside those of all others.
struct Judged {
    scores: rfm::Scores,
    class: Option<abc::Class>,
    stage: lifecycle::Stage,
}

/// What a grading sees of everybody who ever ordered.
pub(super) struct Looks {
    looks: Vec<Look>,
    /// Customers who are at risk or must not be lost.
    pub at_risk: u64,
}

/// What a grading sees of one customer.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub id: i64,
    /// A digest of everything that their row is made of.
    pub digest: u64,
}

impl Looks {
    /// By ascending ids.
    pub fn ascending(&self) -> &[Look] {
        &self.looks
    }

    /// The digest of one customer; 0 for somebody without a document.
    pub fn digest(&self, id: i64) -> u64 {
        let found = self.looks.binary_search_by_key(&id, |look| look.id);
        found.map_or(0, |at| self.looks[at].digest)
    }
}

/// One grading.
pub(super) struct Plan {
    pub as_of: Date,
    pub published: Published,
    pub frozen: Frozen,
    rule: lifecycle::Rule,
    classes: abc::Limits,
    figures: Arc<Metrics>,
    tier_figures: Arc<Metrics>,
}

impl Plan {
    /// Asks the warehouse for everybody's figures.
    pub async fn make(
        app: &App,
        settings: &Settings,
        published: Published,
        as_of: Date,
        keep_limits: bool,
    ) -> Result<Plan> {
        let window_days = settings.rfm_window_days;
        let query = MetricsQuery {
            as_of,
            window_days,
            lapse_days: settings.lapse_days,
        };
        let figures = app.shared.figures(app, query).await?;
        let tier_figures = match published.scheme.window_days == window_days {
            true => figures.clone(),
            false => tier_figures(app, settings, published.scheme.window_days, as_of).await?,
        };
        let (limits, classes) = {
            let figures = figures.clone();
            let taken = tokio::task::spawn_blocking(move || limits_of(&figures)).await;
            taken.context("taking limits of scores and classes")?
        };
        let fresh = Frozen {
            as_of,
            window_days,
            limits,
        };
        let kept = match keep_limits {
            true => store::last_limits(app.db.read())
                .await?
                .filter(|kept| kept.suits(&fresh)),
            false => None,
        };
        let rule = lifecycle::Rule {
            lapse_days: settings.lapse_days,
            typical_gap_days: figures
                .typical_gap_days
                .unwrap_or(lifecycle::Rule::default().typical_gap_days),
            ..lifecycle::Rule::default()
        };
        Ok(Plan {
            as_of,
            published,
            frozen: kept.unwrap_or(fresh),
            rule,
            classes,
            figures,
            tier_figures,
        })
    }

    /// The row of one customer as this grading sees them, the reasons of today, and what
    /// the rule says.
    pub fn grade(
        &self,
        customer_id: i64,
        previous: &Previous,
        decided: Override,
    ) -> Result<(grade::Model, Kept, Outcome)> {
        let figures = find(&self.figures, customer_id);
        let kept_figures = tier_figures_of(find(&self.tier_figures, customer_id), self.as_of);
        let outcome = evaluate(
            &self.published.scheme,
            self.published.version,
            &kept_figures,
            previous,
            &decided,
            self.as_of,
        );
        let kept = Kept {
            version: self.published.version,
            figures: kept_figures,
            earned: outcome.earned.clone(),
            decided,
        };
        let mut row = store::blank(customer_id);
        if let Some(figures) = figures {
            self.fill(&mut row, figures);
        } else {
            row.lifecycle = lifecycle::Stage::Prospect.key().to_owned();
        }
        put_outcome(&mut row, &outcome);
        row.why = kept.row_text()?;
        Ok((row, kept, outcome))
    }

    /// When the row of this outcome may be another one though nothing happens.
    pub fn due(&self, outcome: &Outcome, decided: &Override) -> Option<Date> {
        tier::due(&self.published.scheme, outcome, decided, self.as_of)
    }

    /// What rows will be made of, but for what people decided and what was before.
    pub fn looks(&self) -> Looks {
        // Both have everybody who ever ordered, in the same order.
        let all = &self.figures.customers;
        let of_tier = &self.tier_figures.customers;
        let threads = available_parallelism().map_or(1, NonZeroUsize::get);
        let part = all.len().div_ceil(threads).max(1);
        let parts: Vec<Looks> = std::thread::scope(|scope| {
            let look = |(at, some)| {
                let of_tier = of_tier.get(at * part..).unwrap_or_default();
                scope.spawn(move || self.looks_at(some, of_tier))
            };
            let working: Vec<_> = all.chunks(part).enumerate().map(look).collect();
            let done = working.into_iter().map(|worker| worker.join());
            done.map(|looks| looks.expect("looking at figures does not panic"))
                .collect()
        });
        Looks {
            at_risk: parts.iter().map(|some| some.at_risk).sum(),
            looks: parts.into_iter().flat_map(|some| some.looks).collect(),
        }
    }

    fn looks_at(&self, all: &[CustomerMetrics], of_tier: &[CustomerMetrics]) -> Looks {
        let (mut looks, mut at_risk) = (Vec::with_capacity(all.len()), 0);
        for (at, figures) in all.iter().enumerate() {
            let Judged {
                scores,
                class,
                stage,
            } = self.judge(figures);
            let mut digest = Digest::default();
            figures.digest(&mut digest);
            match of_tier.get(at) {
                Some(other) if other.customer_id == figures.customer_id => {
                    digest.number(other.monetary);
                    digest.number(other.frequency);
                    digest.number(other.refunded);
                    digest.number(other.refunded_occasions);
                }
                _ => digest.nothing(),
            }
            digest.text(class.map_or("", abc::Class::key));
            digest.text(stage.key());
            for score in [scores.r, scores.f, scores.m] {
                digest.number(i64::from(score));
            }
            let group = scores.group();
            at_risk += u64::from(matches!(group, Some(Group::AtRisk | Group::CannotLose)));
            looks.push(Look {
                id: figures.customer_id,
                digest: digest.finish(),
            });
        }
        Looks { looks, at_risk }
    }

    fn judge(&self, figures: &CustomerMetrics) -> Judged {
        Judged {
            scores: self.frozen.limits.score(&rfm_figures(figures)),
            class: match figures.recency_days {
                Some(_) => self.classes.class(figures.monetary),
                None => None,
            },
            stage: lifecycle::stage(figures.history().as_ref(), self.as_of, &self.rule),
        }
    }

    fn fill(&self, row: &mut grade::Model, figures: &CustomerMetrics) {
        let text = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let Judged {
            scores,
            class,
            stage,
        } = self.judge(figures);
        row.first_order = text(figures.first_order);
        row.last_order = text(figures.last_order);
        row.frequency = figures.frequency;
        row.monetary = figures.monetary;
        row.lifetime_orders = figures.lifetime_orders;
        row.lifetime_net = figures.lifetime_net;
        row.r = i64::from(scores.r);
        row.f = i64::from(scores.f);
        row.m = i64::from(scores.m);
        row.rfm_group = scores.group().map_or("", rfm::Group::key).to_owned();
        row.abc = class.map_or("", abc::Class::key).to_owned();
        row.lifecycle = stage.key().to_owned();
        row.average_basket = figures.average_basket;
        row.interval_days = figures.interval_days;
        row.refund_rate_ppm = figures.refund_rate_ppm;
        row.favourite_store_id = figures.favourite_store_id;
        row.favourite_category = figures
            .favourite_category
            .as_deref()
            .unwrap_or_default()
            .to_owned();
        row.favourite_channel = figures
            .favourite_channel
            .as_deref()
            .unwrap_or_default()
            .to_owned();
    }
}

/// The limits between scores and between classes.
fn limits_of(figures: &Metrics) -> (Breakpoints, abc::Limits) {
    let buyers = || {
        let ordered = |row: &&CustomerMetrics| row.recency_days.is_some();
        figures.customers.iter().filter(ordered)
    };
    std::thread::scope(|scope| {
        let classes = scope.spawn(|| {
            let values: Vec<i64> = buyers().map(|row| row.monetary).collect();
            abc::Limits::of(&values)
        });
        let population: Vec<rfm::Figures> = buyers().map(rfm_figures).collect();
        let scores = Breakpoints::freeze(&population);
        (scores, classes.join().expect("ranking does not panic"))
    })
}

/// Writes a judgement into a row.
pub(super) fn put_outcome(row: &mut grade::Model, outcome: &Outcome) {
    row.tier = outcome.tier.clone();
    row.tier_rank = outcome.rank;
    row.tier_since = outcome.since.to_string();
    row.tier_review = outcome
        .review_on
        .map_or_else(String::new, |date| date.to_string());
    row.tier_cause = outcome.cause.key().to_owned();
}

/// Everybody's figures over the window of a tier scheme.
pub(super) async fn tier_figures(
    app: &App,
    settings: &Settings,
    window_days: i64,
    as_of: Date,
) -> Result<Arc<Metrics>> {
    let query = MetricsQuery {
        as_of,
        window_days,
        lapse_days: settings.lapse_days,
    };
    app.shared.figures(app, query).await
}

/// The figures of one customer; none for somebody without a document.
pub(super) fn find(metrics: &Metrics, customer_id: i64) -> Option<&CustomerMetrics> {
    let rows = &metrics.customers;
    rows.binary_search_by_key(&customer_id, |row| row.customer_id)
        .ok()
        .map(|at| &rows[at])
}

/// What the tier rule looks at.
pub(super) fn tier_figures_of(figures: Option<&CustomerMetrics>, as_of: Date) -> tier::Figures {
    let Some(figures) = figures else {
        return tier::Figures::default();
    };
    tier::Figures {
        spend: figures.monetary,
        frequency: figures.frequency,
        tenure_days: figures.first_order.map_or(0, |first| days(first, as_of)),
        recency_days: figures.recency_days,
        refunded_spend: figures.refunded,
        refunded_occasions: figures.refunded_occasions,
    }
}

fn rfm_figures(figures: &CustomerMetrics) -> rfm::Figures {
    rfm::Figures {
        recency_days: figures.recency_days,
        frequency: figures.frequency,
        monetary: figures.monetary,
    }
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}
