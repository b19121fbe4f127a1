//! What people type about a customer: read, checked, and laid over a record.

use clientele_domain::{
    dates::BirthDate,
    id::StoreId,
    identity::KeyKind,
    text::{has_han, nfc},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{entity::customer, insert::search_text};
use crate::error::{Error, Result};

/// Longest text of one field.
const LONGEST: usize = 500;
/// Longest note.
const LONGEST_NOTE: usize = 10_000;

/// What is said about a customer; what is left out stays, null empties.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CustomerInput {
    /// The whole name; made from its parts when left out.
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub given_name: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub family_name: Option<Option<String>>,
    /// `female`, `male` or `other`.
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub gender: Option<Option<String>>,
    /// `1990-02-28`, or `--08-08` without the year.
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub birth_date: Option<Option<String>>,
    /// ISO 3166 alpha-2.
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub country: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub city: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub address: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub postcode: Option<Option<String>>,
    /// Language tag, for example `zh-CN`.
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub home_store_id: Option<Option<StoreId>>,
    #[serde(deserialize_with = "crate::http::said")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
    /// Every card, phone, e-mail address and identity number they shall have;
    /// external ids stay as they are.
    pub identifiers: Option<Vec<KeyInput>>,
}

/// A key as somebody typed it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyInput {
    /// `card`, `phone`, `email` or `national_id`.
    pub kind: String,
    /// As typed.
    pub value: String,
    /// Whether the person proved to own it.
    #[serde(default)]
    pub verified: bool,
}

impl KeyInput {
    /// The kind, which must be one that people type.
    pub(super) fn kind(&self) -> Result<KeyKind> {
        KeyKind::parse(&self.kind)
            .filter(|kind| *kind != KeyKind::External)
            .ok_or_else(|| {
                let detail = "Choose card, phone, email or national_id.";
                Error::invalid("identifiers", "identifier_kind_unknown", detail)
            })
    }
}

impl CustomerInput {
    /// Lays what is said over a record and checks it; answers which fields are
    /// different now.
    pub(super) fn over(&self, row: &mut customer::Model, today: Date) -> Result<Vec<&'static str>> {
        let before = row.clone();
        let composed = row.name == composed(&row.given_name, &row.family_name);
        lay(&self.given_name, &mut row.given_name);
        lay(&self.family_name, &mut row.family_name);
        lay(&self.name, &mut row.name);
        // A name is made from its parts only when somebody spoke of names.
        let parts_said = self.given_name.is_some() || self.family_name.is_some();
        let is_missing = row.name.is_empty() && (parts_said || self.name.is_some());
        if is_missing || (composed && parts_said && self.name.is_none()) {
            row.name = self::composed(&row.given_name, &row.family_name);
        }
        lay(&self.gender, &mut row.gender);
        lay(&self.birth_date, &mut row.birth_date);
        lay(&self.country, &mut row.country);
        lay(&self.city, &mut row.city);
        lay(&self.address, &mut row.address);
        lay(&self.postcode, &mut row.postcode);
        lay(&self.language, &mut row.language);
        lay(&self.note, &mut row.note);
        if let Some(store) = self.home_store_id {
            row.home_store_id = store.map(|id| id.0);
        }
        row.country = row.country.to_ascii_uppercase();
        if row.name != before.name {
            row.search_text = search_text(&row.name);
        }
        check(row, today)?;
        Ok(differences(&before, row))
    }
}

/// Texts are stored as received, in NFC, without blanks around them.
fn lay(said: &Option<Option<String>>, field: &mut String) {
    if let Some(value) = said {
        *field = nfc(value.as_deref().unwrap_or_default().trim());
    }
}

/// A whole name from its parts, in the order its script asks for.
fn composed(given: &str, family: &str) -> String {
    if has_han(family) || has_han(given) {
        format!("{family}{given}")
    } else {
        format!("{given} {family}").trim().to_owned()
    }
}

fn check(row: &customer::Model, today: Date) -> Result<()> {
    if !["", "female", "male", "other"].contains(&row.gender.as_str()) {
        let detail = "Choose female, male or other.";
        return Err(Error::invalid("gender", "gender_unknown", detail));
    }
    check_birth(&row.birth_date, today)?;
    let country = &row.country;
    let is_code = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        let detail = "Use an ISO 3166 code such as SG.";
        return Err(Error::invalid("country", "country_unknown", detail));
    }
    if !is_language(&row.language) {
        let detail = "Use a language tag such as en or zh-CN.";
        return Err(Error::invalid("language", "language_unknown", detail));
    }
    let texts = [
        ("name", &row.name, LONGEST),
        ("given_name", &row.given_name, LONGEST),
        ("family_name", &row.family_name, LONGEST),
        ("city", &row.city, LONGEST),
        ("address", &row.address, LONGEST),
        ("postcode", &row.postcode, LONGEST),
        ("note", &row.note, LONGEST_NOTE),
    ];
    for (field, text, most) in texts {
        if text.chars().count() > most {
            let detail = format!("At most {most} characters fit here.");
            return Err(Error::invalid(field, "text_too_long", detail).with("most", most));
        }
    }
    Ok(())
}

fn check_birth(text: &str, today: Date) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let possible = match text.parse::<BirthDate>() {
        Ok(BirthDate::Full(date)) => {
            date <= today && date.year() >= 1900 && date.to_string() == text
        }
        Ok(partial @ BirthDate::Day { .. }) => partial.to_string() == text,
        Err(_) => false,
    };
    if possible {
        return Ok(());
    }
    let detail = "Enter a day that exists, as 1990-02-28, or as --02-28 without the year.";
    Err(Error::invalid("birth_date", "date_invalid", detail))
}

fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    tag.is_empty()
        || ((2..=3).contains(&first.len())
            && first.bytes().all(|b| b.is_ascii_alphabetic())
            && parts.all(|part| {
                (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
            }))
}

fn differences(before: &customer::Model, after: &customer::Model) -> Vec<&'static str> {
    const FIELDS: [&str; 12] = [
        "name",
        "given_name",
        "family_name",
        "gender",
        "birth_date",
        "country",
        "city",
        "address",
        "postcode",
        "language",
        "home_store_id",
        "note",
    ];
    let get = super::fields::get;
    FIELDS
        .into_iter()
        .filter(|field| get(before, field) != get(after, field))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_dates() {
        let today = Date::constant(2026, 3, 15);
        let check =
            |text: &str, fits: bool| assert_eq!(check_birth(text, today).is_ok(), fits, "{text}");
        for text in ["", "1990-02-28", "--08-08", "--02-29", "2026-03-15"] {
            check(text, true);
        }
        for text in [
            "1990-02-29",
            "2026-03-16",
            "1800-01-01",
            "08-08",
            "--02-30",
            "28/02/1990",
            "x",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn languages_and_names() {
        for tag in ["", "en", "zh-CN", "zh-Hans-CN", "yue"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["e", "english", "zh_CN", "zh-", "1a"] {
            assert!(!is_language(tag), "{tag}");
        }
        assert_eq!(composed("雷", "李"), "李雷");
        assert_eq!(composed("Lei", "Li"), "Lei Li");
        assert_eq!(composed("", "Li"), "Li");
        assert_eq!(composed("", ""), "");
    }

    #[test]
    fn null_and_absent_differ() {
        let input: CustomerInput = serde_json::from_str(r#"{"city":null,"note":" x "}"#).unwrap();
        assert_eq!(input.city, Some(None));
        assert_eq!(input.note, Some(Some(" x ".to_owned())));
        assert_eq!(input.name, None);
        assert!(serde_json::from_str::<CustomerInput>(r#"{"age":3}"#).is_err());
    }
}
