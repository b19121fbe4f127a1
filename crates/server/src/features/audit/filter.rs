//! Which entries of the audit log somebody asks for.

use clientele_domain::id::UserId;
use jiff::{civil::Date, tz::TimeZone};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};
use serde::{Deserialize, Serialize};

use crate::{
    entities::audit_entry::{Column, Entity},
    error::{Error, Result},
    features::settings,
};

#[derive(Clone, Debug, Deserialize, Serialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// Only deeds on this kind of row.
    #[serde(skip_serializing_if = "Option::is_none")]
    noun: Option<String>,
    /// Only deeds of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    /// Only deeds of this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<UserId>,
    /// Only deeds of this day and later ones, where the chain is at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Only deeds of this day and earlier ones, where the chain is at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Date>,
}

impl AuditQuery {
    /// The entries that fit, in no order yet.
    ///
    /// # Errors
    /// `date_out_of_range`, or when the book fails.
    pub(super) async fn select(&self, connection: &impl ConnectionTrait) -> Result<Select<Entity>> {
        let mut select = Entity::find();
        if let Some(noun) = &self.noun {
            select = select.filter(Column::Noun.eq(noun));
        }
        if let Some(action) = &self.action {
            select = select.filter(Column::Action.eq(action));
        }
        if let Some(actor) = self.actor {
            select = select.filter(Column::Actor.eq(actor.0));
        }
        if self.from.is_none() && self.until.is_none() {
            return Ok(select);
        }
        let zone = settings::load(connection).await?.time_zone;
        let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        if let Some(from) = self.from {
            select = select.filter(Column::At.gte(begin("from", from, &zone)?));
        }
        if let Some(until) = self.until {
            let after = until.tomorrow().map_err(|_| out_of_range("until"))?;
            select = select.filter(Column::At.lt(begin("until", after, &zone)?));
        }
        Ok(select)
    }
}

/// When a day begins in a zone, in microseconds.
fn begin(field: &str, day: Date, zone: &TimeZone) -> Result<i64> {
    let begins = day.to_zoned(zone.clone());
    let begins = begins.map_err(|_| out_of_range(field))?;
    Ok(begins.timestamp().as_microsecond())
}

fn out_of_range(field: &str) -> Error {
    let detail = "This day lies too far away.";
    Error::invalid(field, "date_out_of_range", detail)
}
