//! How customers spread over scores, groups, tiers, classes and stages: one
//! pass over the grades, folded for every question.

use std::collections::BTreeMap;

use clientele_domain::{abc, lifecycle::Stage, rfm::Group};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    access::Scope,
    app::App,
    error::Result,
    features::{
        customers::Alike,
        grades::{self, LevelShare, share},
        settings, tiers,
    },
    http::{Label, Money},
};

/// The grid of recency and frequency, and the named groups.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct RfmReport {
    /// The last date that counted; absent before the first grading.
    #[schema(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
    /// Customers with scores.
    n: u64,
    /// All 25 cells.
    cells: Vec<RfmCell>,
    /// All eleven groups, best first.
    groups: Vec<GroupShare>,
}

/// Customers with the same two scores.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct RfmCell {
    /// Recency score.
    r: i64,
    /// Frequency score.
    f: i64,
    customers: u64,
    /// Share of all customers with scores.
    share: Option<f64>,
    /// Net spend in the RFM window.
    net: Money,
}

/// A named group.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct GroupShare {
    /// Its key.
    group: String,
    #[serde(flatten)]
    share: LevelShare,
}

/// Customers by tier, class and stage.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(super) struct DistributionReport {
    /// Every level, lowest first; then those below every level, if any.
    tiers: Vec<TierShare>,
    /// Classes a, b, c.
    abc: Vec<CodeShare>,
    /// Stages in the order of a customer's life.
    lifecycle: Vec<CodeShare>,
}

/// A level.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct TierShare {
    /// Empty for below every level.
    code: String,
    name: Label,
    color: String,
    #[serde(flatten)]
    share: LevelShare,
}

/// A class or stage.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct CodeShare {
    code: String,
    #[serde(flatten)]
    share: LevelShare,
}

/// Everybody with a grade.
pub(super) struct Spread(Vec<Alike>);

type Sum = (u64, i64);

impl Spread {
    fn by<K: Ord>(&self, key: impl Fn(&Alike) -> Option<K>) -> BTreeMap<K, Sum> {
        let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
        for alike in &self.0 {
            if let Some(key) = key(alike) {
                let sum = sums.entry(key).or_default();
                sum.0 += alike.customers;
                sum.1 += alike.net;
            }
        }
        sums
    }

    /// Customers in these RFM groups; none before the first grading.
    pub fn groups_of(&self, groups: &[&str]) -> Option<u64> {
        let own = self
            .0
            .iter()
            .filter(|alike| groups.contains(&alike.rfm_group.as_str()));
        (!self.0.is_empty()).then(|| own.map(|alike| alike.customers).sum())
    }
}

fn total<K: Ord>(sums: &BTreeMap<K, Sum>) -> Sum {
    sums.values()
        .fold((0, 0), |total, sum| (total.0 + sum.0, total.1 + sum.1))
}

/// Everybody with a grade whom the scope reaches; merged records do not count.
pub(super) async fn read(app: &App, scope: &Scope) -> Result<Spread> {
    Ok(Spread(app.roster.spread(&app.db, scope).await?))
}

pub(super) async fn rfm(app: &App, scope: &Scope) -> Result<RfmReport> {
    let spread = read(app, scope).await?;
    let currency = settings::load(app.db.read()).await?.reporting_currency;
    let scored = |alike: &Alike| alike.r > 0;
    let cells = spread.by(|alike| scored(alike).then_some((alike.r, alike.f)));
    let groups = spread.by(|alike| scored(alike).then(|| alike.rfm_group.clone()));
    let all = total(&cells);
    let run = grades::last_run(app.db.read()).await?;
    let grid = (1..=5).flat_map(|r| (1..=5).map(move |f| (r, f)));
    Ok(RfmReport {
        as_of: run.and_then(|run| run.as_of.parse().ok()),
        n: all.0,
        cells: grid
            .map(|(r, f)| {
                let LevelShare {
                    customers,
                    share,
                    net,
                    ..
                } = share(cells.get(&(r, f)), all, &currency);
                RfmCell {
                    r,
                    f,
                    customers,
                    share,
                    net,
                }
            })
            .collect(),
        groups: Group::ALL
            .into_iter()
            .map(|group| GroupShare {
                group: group.key().to_owned(),
                share: share(groups.get(group.key()), all, &currency),
            })
            .collect(),
    })
}

pub(super) async fn distribution(app: &App, scope: &Scope) -> Result<DistributionReport> {
    let spread = read(app, scope).await?;
    let currency = settings::load(app.db.read()).await?.reporting_currency;
    let scheme = tiers::published(app.db.read()).await?.scheme;
    let by_tier = spread.by(|alike| {
        // A level that the scheme no longer has is below every level.
        let known = scheme.level(&alike.tier).is_some();
        Some(if known {
            alike.tier.clone()
        } else {
            String::new()
        })
    });
    let all = total(&by_tier);
    let mut tiers: Vec<TierShare> = scheme
        .levels
        .iter()
        .map(|level| TierShare {
            code: level.code.clone(),
            name: level.name.clone().into(),
            color: level.color.clone(),
            share: share(by_tier.get(&level.code), all, &currency),
        })
        .collect();
    if let Some(below) = by_tier.get("") {
        tiers.push(TierShare {
            code: String::new(),
            name: Label {
                en: "No tier".to_owned(),
                zh: "无等级".to_owned(),
            },
            color: "#94a3b8".to_owned(),
            share: share(Some(below), all, &currency),
        });
    }
    let by_class = spread.by(|alike| (!alike.abc.is_empty()).then(|| alike.abc.clone()));
    let by_stage = spread.by(|alike| Some(alike.lifecycle.clone()));
    let coded = |keys: Vec<&'static str>, sums: &BTreeMap<String, Sum>| -> Vec<CodeShare> {
        let all = total(sums);
        let one = |key: &str| CodeShare {
            code: key.to_owned(),
            share: share(sums.get(key), all, &currency),
        };
        keys.into_iter().map(one).collect()
    };
    Ok(DistributionReport {
        tiers,
        abc: coded(abc::Class::ALL.map(abc::Class::key).to_vec(), &by_class),
        lifecycle: coded(Stage::ALL.map(Stage::key).to_vec(), &by_stage),
    })
}
