//! A record's fields by name: what merges fill in and edits list.

use clientele_domain::survivorship::GROUPS;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::entity::customer;
use crate::{db::Tx, error::Result};

/// The value of a field as text; empty means not known.
pub(super) fn get(row: &customer::Model, field: &str) -> String {
    match field {
        "name" => row.name.clone(),
        "given_name" => row.given_name.clone(),
        "family_name" => row.family_name.clone(),
        "search_text" => row.search_text.clone(),
        "country" => row.country.clone(),
        "city" => row.city.clone(),
        "address" => row.address.clone(),
        "postcode" => row.postcode.clone(),
        "gender" => row.gender.clone(),
        "birth_date" => row.birth_date.clone(),
        "language" => row.language.clone(),
        "home_store_id" => row
            .home_store_id
            .map_or_else(String::new, |id| id.to_string()),
        "note" => row.note.clone(),
        other => unreachable!("{other} is no field of survivorship"),
    }
}

/// Sets a field from text.
pub(super) fn set(row: &mut customer::Model, field: &str, value: String) {
    match field {
        "name" => row.name = value,
        "given_name" => row.given_name = value,
        "family_name" => row.family_name = value,
        "search_text" => row.search_text = value,
        "country" => row.country = value,
        "city" => row.city = value,
        "address" => row.address = value,
        "postcode" => row.postcode = value,
        "gender" => row.gender = value,
        "birth_date" => row.birth_date = value,
        "language" => row.language = value,
        "home_store_id" => row.home_store_id = value.parse().ok(),
        "note" => row.note = value,
        other => unreachable!("{other} is no field of survivorship"),
    }
}

/// Whether a name is one of a field that merges may fill.
pub(super) fn is_known(field: &str) -> bool {
    GROUPS.iter().any(|group| group.contains(&field))
}

/// Writes what people and merges may change about a record; the version and the
/// time of the last edit are written as they are in the row.
pub(super) async fn save(tx: &Tx, row: &customer::Model) -> Result<()> {
    customer::Entity::update_many()
        .set(customer::ActiveModel {
            name: Set(row.name.clone()),
            given_name: Set(row.given_name.clone()),
            family_name: Set(row.family_name.clone()),
            search_text: Set(row.search_text.clone()),
            country: Set(row.country.clone()),
            city: Set(row.city.clone()),
            address: Set(row.address.clone()),
            postcode: Set(row.postcode.clone()),
            gender: Set(row.gender.clone()),
            birth_date: Set(row.birth_date.clone()),
            language: Set(row.language.clone()),
            home_store_id: Set(row.home_store_id),
            owner_id: Set(row.owner_id),
            note: Set(row.note.clone()),
            edited_at: Set(row.edited_at),
            version: Set(row.version),
            ..Default::default()
        })
        .filter(customer::Column::Id.eq(row.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}
