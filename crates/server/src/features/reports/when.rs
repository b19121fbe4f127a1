//! As of when reports look.

use clientele_warehouse::reports::Place;
use jiff::civil::Date;

use crate::{
    access::Scope,
    app::App,
    error::Result,
    features::{grades, settings},
};

/// A chain that sells nothing for longer than this has not just closed for a
/// holiday: its data ends.
const STILL_SELLING_DAYS: i32 = 31;

/// What a report looks at.
pub(super) struct When {
    /// The last date that counts: today, or where the data of an old book ends.
    pub as_of: Date,
    /// The reporting currency; empty while there is none.
    pub currency: String,
}

/// The part of the chain that a scope reaches.
pub(super) fn place(scope: &Scope) -> Place {
    Place {
        stores: match scope {
            Scope::All => None,
            Scope::Rows(rows) => Some(rows.stores.clone()),
            Scope::Nothing => Some(Vec::new()),
        },
        ..Place::default()
    }
}

pub(super) async fn now(app: &App) -> Result<When> {
    let settings = settings::load(app.db.read()).await?;
    let today = grades::today(&settings, app.env.now());
    let data_until = grades::data_until(&app.db).await?;
    let as_of = match data_until {
        Some(until) if (today - until).get_days() > STILL_SELLING_DAYS => until,
        _ => today,
    };
    Ok(When {
        as_of,
        currency: settings.reporting_currency,
    })
}
