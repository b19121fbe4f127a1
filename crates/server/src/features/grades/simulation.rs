//! What a draft would do: the same judgement as a grading, written nowhere.

use std::collections::{BTreeMap, HashMap};

use clientele_domain::{
    id::CustomerId,
    tier::{Override, Previous, Scheme, Standing, evaluate},
};
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use super::{as_of, entity::grade, plan};
use crate::{
    app::App,
    error::{Error, Result},
    features::{customers::entity::customer, settings, tiers},
    http::Money,
};

/// Customers read at a time.
const PAGE: u64 = 20_000;
/// Movers shown by name.
const SAMPLE: usize = 20;

/// What publishing the draft would change.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Simulation {
    /// The last date that counts, also for the grading after publishing.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// Customers judged.
    pub customers: u64,
    /// Who would go from where to where; an empty code is below every level.
    pub moves: Vec<TierMove>,
    /// Every level before and after, lowest first.
    pub levels: Vec<LevelChange>,
    /// Customers who would rise.
    pub promoted: u64,
    /// Customers who would fall.
    pub demoted: u64,
    /// Customers who would stay.
    pub unchanged: u64,
    /// Some of those who would move, biggest spenders first.
    pub sample: Vec<Mover>,
}

/// Customers who would go the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TierMove {
    /// The level they have.
    pub from: String,
    /// The level they would have.
    pub to: String,
    /// How many they are.
    pub customers: u64,
    /// Their net spend in the draft's window.
    pub net: Money,
}

/// One level before and after.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LevelChange {
    /// The level; empty for below every level.
    pub code: String,
    /// As things are.
    pub before: LevelShare,
    /// As they would be.
    pub after: LevelShare,
}

/// Who has a level and what they bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LevelShare {
    /// Customers.
    pub customers: u64,
    /// Their share of all customers; absent without customers.
    pub share: Option<f64>,
    /// Their net spend.
    pub net: Money,
    /// Its share of all net spend; absent without net spend.
    pub net_share: Option<f64>,
}

/// Somebody who would move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Mover {
    /// The customer.
    pub id: CustomerId,
    /// The short number people say.
    pub number: String,
    /// The name.
    pub name: String,
    /// The level they have.
    pub from: String,
    /// The level they would have.
    pub to: String,
    /// Their net spend in the draft's window.
    pub net: Money,
}

/// A golden customer and the tier they have.
#[derive(FromQueryResult)]
struct Subject {
    id: i64,
    tier: Option<String>,
    tier_since: Option<String>,
    why: Option<String>,
}

/// The one part of the kept reasons that the rule needs.
#[derive(Deserialize)]
struct Earned {
    #[serde(rename = "e")]
    earned: Standing,
}

impl Subject {
    fn previous(&self) -> Previous {
        let earned = self
            .why
            .as_deref()
            .and_then(|why| serde_json::from_str::<Earned>(why).ok());
        Previous {
            tier: self.tier.clone().unwrap_or_default(),
            since: self
                .tier_since
                .as_deref()
                .and_then(|since| since.parse().ok()),
            earned: earned.map(|earned| earned.earned),
        }
    }
}

/// Simulates the draft over everybody.
pub(super) async fn simulate(app: &App) -> Result<Simulation> {
    let draft = tiers::draft(app.db.read())
        .await?
        .ok_or_else(|| Error::not_found("draft"))?;
    let settings = settings::load(app.db.read()).await?;
    let (as_of, _) = as_of::current(app).await?;
    let window_days = draft.scheme.window_days;
    let figures = plan::tier_figures(app, &settings, window_days, as_of).await?;
    let mut decided = tiers::decided_between(app.db.read(), i64::MIN, i64::MAX).await?;
    let mut fold = Fold::default();
    let mut last = i64::MIN;
    loop {
        let page = subjects(app, last).await?;
        let Some(end) = page.last() else { break };
        last = end.id;
        for subject in &page {
            let own = plan::find(&figures, subject.id);
            let outcome = evaluate(
                &draft.scheme,
                draft.version,
                &plan::tier_figures_of(own, as_of),
                &subject.previous(),
                &decided
                    .remove(&subject.id)
                    .unwrap_or_else(Override::default),
                as_of,
            );
            let from = subject.tier.clone().unwrap_or_default();
            let net = own.map_or(0, |own| own.monetary);
            fold.add(&draft.scheme, subject.id, from, outcome.tier, net);
        }
    }
    let names = names(app, &fold.movers).await?;
    Ok(fold.finish(&draft.scheme, as_of, &names))
}

async fn subjects(app: &App, after: i64) -> Result<Vec<Subject>> {
    use customer::Column as C;
    use grade::Column as G;
    let to_grade = customer::Entity::belongs_to(grade::Entity)
        .from(C::Id)
        .to(G::CustomerId)
        .into();
    Ok(customer::Entity::find()
        .select_only()
        .column(C::Id)
        .column(G::Tier)
        .column(G::TierSince)
        .column(G::Why)
        .join(JoinType::LeftJoin, to_grade)
        .filter(C::Id.gt(after))
        .filter(Expr::col((customer::Entity, C::Id)).eq(Expr::col((customer::Entity, C::GoldenId))))
        .order_by_asc(C::Id)
        .limit(PAGE)
        .into_model()
        .all(app.db.read())
        .await?)
}

#[derive(Default)]
struct Fold {
    customers: u64,
    promoted: u64,
    demoted: u64,
    net: i64,
    before: BTreeMap<String, (u64, i64)>,
    after: BTreeMap<String, (u64, i64)>,
    moves: BTreeMap<(String, String), (u64, i64)>,
    /// The biggest spenders among the movers, biggest first.
    movers: Vec<(i64, i64, String, String)>,
}

impl Fold {
    fn add(&mut self, scheme: &Scheme, id: i64, from: String, to: String, net: i64) {
        self.customers += 1;
        self.net += net;
        add(self.before.entry(from.clone()).or_default(), net);
        add(self.after.entry(to.clone()).or_default(), net);
        if from == to {
            return;
        }
        self.promoted += u64::from(scheme.rank(&to) > scheme.rank(&from));
        self.demoted += u64::from(scheme.rank(&to) < scheme.rank(&from));
        add(
            self.moves.entry((from.clone(), to.clone())).or_default(),
            net,
        );
        // Equal spenders come in the order of their ids.
        let at = self.movers.partition_point(|mover| mover.0 >= net);
        if at < SAMPLE {
            self.movers.insert(at, (net, id, from, to));
            self.movers.truncate(SAMPLE);
        }
    }

    fn finish(
        self,
        scheme: &Scheme,
        as_of: Date,
        names: &HashMap<i64, (i64, String)>,
    ) -> Simulation {
        let currency = scheme.currency.code();
        let total = (self.customers, self.net);
        let mut codes = vec![String::new()];
        codes.extend(scheme.levels.iter().map(|level| level.code.clone()));
        // Levels that only the scheme in force has come last.
        codes.extend(
            self.before
                .keys()
                .filter(|code| scheme.level(code).is_none())
                .cloned(),
        );
        codes.dedup();
        let levels = codes
            .into_iter()
            .enumerate()
            .filter(|(at, code)| !code.is_empty() || (*at == 0 && self.has(code)))
            .map(|(_, code)| LevelChange {
                before: share(self.before.get(&code), total, currency),
                after: share(self.after.get(&code), total, currency),
                code,
            })
            .collect();
        let moved: u64 = self.moves.values().map(|(customers, _)| customers).sum();
        Simulation {
            as_of,
            customers: self.customers,
            moves: self
                .moves
                .into_iter()
                .map(|((from, to), (customers, net))| TierMove {
                    from,
                    to,
                    customers,
                    net: Money::new(net, currency),
                })
                .collect(),
            levels,
            promoted: self.promoted,
            demoted: self.demoted,
            unchanged: self.customers - moved,
            sample: self
                .movers
                .into_iter()
                .map(|(net, id, from, to)| {
                    let (number, name) = names.get(&id).cloned().unwrap_or_default();
                    Mover {
                        id: CustomerId(id),
                        number: number.to_string(),
                        name,
                        from,
                        to,
                        net: Money::new(net, currency),
                    }
                })
                .collect(),
        }
    }

    fn has(&self, code: &str) -> bool {
        self.before.contains_key(code) || self.after.contains_key(code)
    }
}

fn add(sum: &mut (u64, i64), net: i64) {
    sum.0 += 1;
    sum.1 += net;
}

/// The share of one part in a whole, both as customers and their net spend.
pub fn share(own: Option<&(u64, i64)>, total: (u64, i64), currency: &str) -> LevelShare {
    let (customers, net) = own.copied().unwrap_or_default();
    LevelShare {
        customers,
        share: (total.0 > 0).then(|| customers as f64 / total.0 as f64),
        net: Money::new(net, currency),
        net_share: (total.1 != 0).then(|| net as f64 / total.1 as f64),
    }
}

async fn names(
    app: &App,
    movers: &[(i64, i64, String, String)],
) -> Result<HashMap<i64, (i64, String)>> {
    let rows: Vec<(i64, i64, String)> = customer::Entity::find()
        .select_only()
        .columns([
            customer::Column::Id,
            customer::Column::Number,
            customer::Column::Name,
        ])
        .filter(customer::Column::Id.is_in(movers.iter().map(|mover| mover.1)))
        .into_tuple()
        .all(app.db.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, number, name)| (id, (number, name)))
        .collect())
}
