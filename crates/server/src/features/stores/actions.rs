//! Creating and changing stores.

use clientele_domain::{
    id::{StoreId, UnitId},
    money::Currency,
    phone::{self, PhoneOutcome},
    text,
};
use jiff::tz::TimeZone;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, SqlErr};
use serde_json::json;

use super::entity::store;
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::organisation,
};

/// How a store sells.
pub(super) const CHANNELS: [&str; 4] = ["store", "web", "mini_program", "marketplace"];

/// A store as somebody describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewStore {
    /// Where it comes from; empty when a person typed it in.
    pub source: String,
    /// The source's own code; a fresh one when empty.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// ISO 3166 alpha-2 or empty.
    pub country: String,
    /// A part of the country or of the chain.
    pub region: String,
    /// ISO 4217 or empty for the reporting currency.
    pub currency: String,
    /// IANA name or empty for the chain's.
    pub time_zone: String,
    /// Minutes after midnight at which its business day ends.
    pub day_cut_minutes: i64,
    /// `store`, `web`, `mini_program` or `marketplace`.
    pub channel: String,
    /// Its own number, which never identifies a customer.
    pub phone: String,
    /// The import that brings it.
    pub import_id: Option<i64>,
    /// The part of the organisation it belongs to.
    pub unit_id: Option<UnitId>,
}

/// Creates a store.
///
/// # Errors
/// `code_taken`, or what does not fit.
pub async fn create(tx: &Tx, new: &NewStore) -> Result<StoreId> {
    let new = checked(new)?;
    organisation::check_unit(tx.conn(), "unit_id", new.unit_id).await?;
    let id = tx.ctx().next_id();
    let code = if new.code.is_empty() {
        StoreId(id).to_string()
    } else {
        new.code
    };
    let row = store::ActiveModel {
        id: Set(id),
        source: Set(new.source),
        external_id: Set(code),
        name: Set(new.name),
        country: Set(new.country),
        region: Set(new.region),
        currency: Set(new.currency),
        time_zone: Set(new.time_zone),
        day_cut_minutes: Set(new.day_cut_minutes),
        channel: Set(new.channel),
        phone: Set(new.phone),
        import_id: Set(new.import_id),
        unit_id: Set(new.unit_id.map(|id| id.0)),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
    };
    row.insert(tx.conn()).await.map_err(taken)?;
    tx.changed("store", id, What::Created);
    tx.audit("create", "store", id, json!({}));
    if new.unit_id.is_some() {
        tx.access_changed().await?;
    }
    Ok(StoreId(id))
}

/// Replaces what people may change about a store, over the version it was read at.
pub(super) async fn change(tx: &Tx, id: StoreId, version: i64, new: &NewStore) -> Result<()> {
    let new = checked(new)?;
    organisation::check_unit(tx.conn(), "unit_id", new.unit_id).await?;
    let before = super::by_id(tx.conn(), id).await?;
    let outcome = store::Entity::update_many()
        .set(store::ActiveModel {
            external_id: Set(if new.code.is_empty() {
                before.external_id.clone()
            } else {
                new.code
            }),
            name: Set(new.name),
            country: Set(new.country),
            region: Set(new.region),
            currency: Set(new.currency),
            time_zone: Set(new.time_zone),
            day_cut_minutes: Set(new.day_cut_minutes),
            channel: Set(new.channel),
            phone: Set(new.phone),
            unit_id: Set(new.unit_id.map(|id| id.0)),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(store::Column::Id.eq(id.0))
        .filter(store::Column::Version.eq(version))
        .exec(tx.conn())
        .await
        .map_err(taken)?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    tx.changed("store", id.0, What::Updated);
    if before.unit_id != new.unit_id.map(|id| id.0) {
        tx.access_changed().await?;
    }
    tx.audit(
        "update",
        "store",
        id.0,
        json!({ "name_before": before.name }),
    );
    Ok(())
}

fn taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            Error::invalid("code", "code_taken", "Another store has this code.")
        }
        _ => error.into(),
    }
}

fn checked(new: &NewStore) -> Result<NewStore> {
    let mut new = new.clone();
    new.code = new.code.trim().to_owned();
    new.name = text::nfc(new.name.trim());
    if new.name.is_empty() {
        return Err(Error::invalid("name", "name_missing", "Enter a name."));
    }
    new.country = country(&new.country)?;
    new.currency = new.currency.trim().to_ascii_uppercase();
    if !new.currency.is_empty() && Currency::parse(&new.currency).is_err() {
        let detail = "Use an ISO 4217 code such as EUR.";
        return Err(Error::invalid("currency", "currency_unknown", detail));
    }
    if !new.time_zone.is_empty() && TimeZone::get(&new.time_zone).is_err() {
        let detail = "Use an IANA name such as Asia/Singapore.";
        return Err(Error::invalid("time_zone", "time_zone_unknown", detail));
    }
    if !(0..=720).contains(&new.day_cut_minutes) {
        let detail = "Choose a number from 0 to 720.";
        return Err(
            Error::invalid("day_cut_minutes", "number_out_of_range", detail)
                .with("least", 0)
                .with("most", 720),
        );
    }
    if new.channel.is_empty() {
        new.channel = "store".to_owned();
    }
    if !CHANNELS.contains(&new.channel.as_str()) {
        let detail = "Choose store, web, mini_program or marketplace.";
        return Err(Error::invalid("channel", "channel_unknown", detail));
    }
    new.phone = match phone::normalize(&new.phone, &new.country) {
        PhoneOutcome::Valid(number) => number,
        PhoneOutcome::Placeholder => String::new(),
        PhoneOutcome::Masked | PhoneOutcome::Invalid => {
            let detail = "Enter a whole phone number, with + and the country code.";
            return Err(Error::invalid("phone", "phone_invalid", detail));
        }
    };
    Ok(new)
}

fn country(code: &str) -> Result<String> {
    let code = code.trim().to_ascii_uppercase();
    let fits = code.is_empty() || (code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
    if fits {
        Ok(code)
    } else {
        Err(Error::invalid(
            "country",
            "country_unknown",
            "Use an ISO 3166 code such as SG.",
        ))
    }
}
