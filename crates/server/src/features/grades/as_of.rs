//! As of when.

use clientele_domain::business::business_date;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::store::{self, Summary};
use crate::{
    app::App,
    db::Db,
    error::Result,
    features::{
        orders::entity::order,
        settings::{self, Settings},
    },
};

/// The chain's zone; UTC when its name is unknown on this machine.
pub(super) fn zone(settings: &Settings) -> TimeZone {
    TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC)
}

/// The chain's business date at an instant.
pub fn today(settings: &Settings, now: Timestamp) -> Date {
    business_date(now, &zone(settings), settings.day_cut_minutes)
}

/// The date that everybody should be graded as of unless somebody says
/// otherwise: the one last asked for, if the last run was asked for one, else
/// today.
pub(super) async fn current(app: &App) -> Result<(Date, bool)> {
    if let Some(run) = store::last_run(app.db.read()).await? {
        let summary: Summary = serde_json::from_str(&run.summary).unwrap_or_default();
        if let (true, Ok(date)) = (summary.explicit, run.as_of.parse()) {
            return Ok((date, true));
        }
    }
    let settings = settings::load(app.db.read()).await?;
    Ok((today(&settings, app.env.now()), false))
}

/// The business date of the last paid document in the book.
///
/// # Errors
/// When the book fails.
pub async fn data_until(db: &Db) -> Result<Option<Date>> {
    let last: Option<Option<String>> = order::Entity::find()
        .select_only()
        .column_as(order::Column::BusinessDate.max(), "last")
        .filter(order::Column::Status.eq("paid"))
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(last.flatten().and_then(|date| date.parse().ok()))
}
