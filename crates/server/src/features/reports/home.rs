//! The home screen's figures.

use clientele_warehouse::reports::{Home, Ratio};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::{spread, when};
use crate::{
    access::Scope,
    app::App,
    error::Result,
    features::grades::{Summary, entity::run as grade_run},
};

/// The figures that matter, each with its last twelve points of 30 days.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HomeReport {
    /// The last date that counts.
    #[schema(value_type = String, format = Date)]
    pub as_of: Date,
    /// The date of the last paid document.
    #[schema(value_type = Option<String>, format = Date)]
    pub data_until: Option<Date>,
    /// The currency of money figures, whose values are minor units.
    pub currency: String,
    /// The figures.
    pub kpis: Vec<Kpi>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Kpi {
    /// `net_sales`, `customers_active`, `repeat_rate`, `average_order`,
    /// `identification_rate` or `at_risk`.
    pub key: String,
    /// The latest point.
    pub value: Option<f64>,
    /// `money`, `count` or `ratio`.
    pub unit: String,
    /// The point before it.
    pub previous: Option<f64>,
    /// Growth over the point before it; for ratios the difference of the two.
    /// Absent where growth means nothing.
    pub change: Option<f64>,
    /// The last twelve points, oldest first.
    pub series: Vec<Option<f64>>,
}

impl Kpi {
    fn new(key: &str, unit: &str, series: Vec<Option<f64>>) -> Self {
        let value = series.last().copied().flatten();
        let previous = series.len().checked_sub(2).and_then(|at| series[at]);
        let change = match (value, previous) {
            (Some(now), Some(before)) if unit == "ratio" => Some(now - before),
            (Some(now), Some(before)) if before > 0.0 => Some(now / before - 1.0),
            _ => None,
        };
        Kpi {
            key: key.to_owned(),
            value,
            unit: unit.to_owned(),
            previous,
            change,
            series,
        }
    }
}

pub(super) async fn home(app: &App, scope: &Scope) -> Result<HomeReport> {
    let when = when::now(app).await?;
    let home = app.warehouse.home(when.as_of, when::place(scope)).await?;
    let whole = |numbers: &[i64]| numbers.iter().map(|&number| Some(number as f64)).collect();
    let ratios = |ratios: &[Ratio]| ratios.iter().map(|ratio| ratio.value()).collect();
    let average = home
        .average_order
        .iter()
        .map(|ratio| ratio.value().map(f64::round))
        .collect();
    Ok(HomeReport {
        as_of: when.as_of,
        data_until: home.data_until,
        currency: when.currency,
        kpis: vec![
            Kpi::new("net_sales", "money", whole(&home.net_sales)),
            Kpi::new("customers_active", "count", whole(&home.customers_active)),
            Kpi::new("repeat_rate", "ratio", ratios(&home.repeat_rate)),
            Kpi::new("average_order", "money", average),
            Kpi::new(
                "identification_rate",
                "ratio",
                ratios(&home.identification_rate),
            ),
            Kpi::new("at_risk", "count", at_risk(app, scope, &home).await?),
        ],
    })
}

/// Customers at risk now, and before that as every run of the time counted them; runs
/// counted the whole chain.
async fn at_risk(app: &App, scope: &Scope, home: &Home) -> Result<Vec<Option<f64>>> {
    let Some((&first, &last)) = home.ends.first().zip(home.ends.last()) else {
        return Ok(Vec::new());
    };
    let runs = match scope {
        Scope::All => {
            grade_run::Entity::find()
                .filter(grade_run::Column::AsOf.between(first.to_string(), last.to_string()))
                .order_by_asc(grade_run::Column::AsOf)
                .order_by_asc(grade_run::Column::Id)
                .all(app.db.read())
                .await?
        }
        Scope::Rows(_) | Scope::Nothing => Vec::new(),
    };
    let mut series = vec![None; home.ends.len()];
    for run in runs {
        let summary: Summary = serde_json::from_str(&run.summary).unwrap_or_default();
        let Ok(as_of) = run.as_of.parse::<Date>() else {
            continue;
        };
        let point = home.ends.partition_point(|end| *end < as_of);
        series[point] = Some(summary.at_risk as f64);
    }
    let now = spread::read(app, scope)
        .await?
        .groups_of(&["at_risk", "cannot_lose"]);
    if let Some(last) = series.last_mut() {
        *last = now.map(|customers| customers as f64);
    }
    Ok(series)
}
