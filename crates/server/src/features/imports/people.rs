//! What a row says about a person, before anybody is looked up.

use clientele_domain::{
    dates::parse_birth,
    email::{self, EmailOutcome},
    identity::{Facts, Key, KeyKind, RecordKeys},
    phone::{self, PhoneOutcome},
    text,
};
use clientele_files::Row;

use sha2::{Digest, Sha256};

use super::cells;
use super::options::Reading;
use super::problem::RowProblem;
use crate::ctx::hex;

/// A key with the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawKey {
    /// Normalised.
    pub key: Key,
    /// As received.
    pub raw: String,
}

/// What a row says about a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Keys, the source's own number first.
    pub keys: Vec<RawKey>,
    pub name: String,
    pub given_name: String,
    pub family_name: String,
    pub gender: String,
    pub birth_date: String,
    pub country: String,
    pub city: String,
    pub address: String,
    pub postcode: String,
    pub language: String,
    pub note: String,
    /// Code or name of the home store.
    pub store: String,
    /// Fields whose cells could not be read and were left out.
    pub unread: Vec<&'static str>,
}

impl Person {
    /// Whether there is anything by which to know them again.
    pub fn is_known(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The source's own number, with the source.
    pub fn external(&self) -> Option<&RawKey> {
        self.keys
            .iter()
            .find(|raw| raw.key.kind == KeyKind::External)
    }

    /// The name to show.
    pub fn display_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        if text::has_han(&self.family_name) || text::has_han(&self.given_name) {
            return format!("{}{}", self.family_name, self.given_name);
        }
        [self.given_name.as_str(), self.family_name.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Takes in what a later row of the same file says of the same person.
    pub fn follow(&mut self, later: Self) {
        for raw in later.keys {
            if self.keys.iter().all(|known| known.key != raw.key) {
                self.keys.push(raw);
            }
        }
        let fields = [
            (&mut self.name, later.name),
            (&mut self.given_name, later.given_name),
            (&mut self.family_name, later.family_name),
            (&mut self.gender, later.gender),
            (&mut self.birth_date, later.birth_date),
            (&mut self.country, later.country),
            (&mut self.city, later.city),
            (&mut self.address, later.address),
            (&mut self.postcode, later.postcode),
            (&mut self.language, later.language),
            (&mut self.note, later.note),
            (&mut self.store, later.store),
        ];
        for (own, new) in fields {
            if !new.is_empty() {
                *own = new;
            }
        }
        self.unread.extend(later.unread);
    }

    /// Everything a row says, for one that has no key at all: the same row again is
    /// the same person, and any other is somebody else.
    fn fingerprint(&self) -> String {
        let said = [
            &self.name,
            &self.given_name,
            &self.family_name,
            &self.gender,
            &self.birth_date,
            &self.country,
            &self.city,
            &self.address,
            &self.postcode,
            &self.language,
            &self.note,
            &self.store,
        ];
        let mut hash = Sha256::new();
        for part in said {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hex(&hash.finalize()[..8])
    }

    /// As the identity rule wants it.
    pub fn record_keys(&self) -> RecordKeys {
        let of = |kind: KeyKind| -> Vec<String> {
            self.keys
                .iter()
                .filter(|raw| raw.key.kind == kind)
                .map(|raw| raw.key.value.clone())
                .collect()
        };
        RecordKeys {
            facts: Facts {
                name: self.display_name(),
                given_name: self.given_name.clone(),
                family_name: self.family_name.clone(),
                birth_date: self.birth_date.clone(),
                cards: of(KeyKind::Card),
                national_ids: of(KeyKind::NationalId),
                externals: of(KeyKind::External),
            },
            keys: self.keys.iter().map(|raw| raw.key.clone()).collect(),
            gift_recipient: false,
        }
    }

    fn add(&mut self, kind: KeyKind, value: String, raw: &str) {
        let key = Key {
            kind,
            value,
            verified: false,
        };
        if !value_is_blank(&key) && self.keys.iter().all(|known| known.key != key) {
            self.keys.push(RawKey {
                key,
                raw: raw.to_owned(),
            });
        }
    }
}

fn value_is_blank(key: &Key) -> bool {
    key.value.trim().is_empty()
}

/// Columns that describe people, found once per file.
pub struct PersonColumns {
    customer_id: Option<usize>,
    card: Option<usize>,
    phones: [Option<usize>; 2],
    email: Option<usize>,
    contact: Option<usize>,
    national_id: Option<usize>,
    name: Option<usize>,
    given_name: Option<usize>,
    family_name: Option<usize>,
    gender: Option<usize>,
    birth_date: Option<usize>,
    country: Option<usize>,
    city: Option<usize>,
    region: Option<usize>,
    street_number: Option<usize>,
    address: Option<usize>,
    address2: Option<usize>,
    postcode: Option<usize>,
    language: Option<usize>,
    note: Option<usize>,
    stores: [Option<usize>; 2],
    country_code: String,
}

impl PersonColumns {
    /// Looks the columns up.
    pub fn of(reading: &Reading) -> Self {
        let at = |key: &str| reading.column(key);
        Self {
            customer_id: at("customer_id"),
            card: at("card"),
            phones: [at("phone"), at("phone2")],
            email: at("email"),
            contact: at("contact"),
            national_id: at("national_id"),
            name: at("name").or_else(|| at("customer_name")),
            given_name: at("given_name"),
            family_name: at("family_name"),
            gender: at("gender"),
            birth_date: at("birth_date"),
            country: at("country"),
            city: at("city"),
            region: at("region"),
            street_number: at("street_number"),
            address: at("address"),
            address2: at("address2"),
            postcode: at("postcode"),
            language: at("language"),
            note: at("note"),
            stores: [at("store_id"), at("store")],
            country_code: reading.options.country.clone().unwrap_or_default(),
        }
    }

    /// Reads the person of an order: lenient, since the order counts even if
    /// the person is badly described.
    pub fn buyer(&self, row: &Row, source: &str) -> Person {
        let mut person = Person::default();
        let id = cells::name_of(row, self.customer_id);
        // A masked name such as 李** would make strangers one.
        if !id.is_empty() && !phone::is_masked(&id) {
            let id = without_decimals(&id);
            person.add(KeyKind::External, format!("{source}:{id}"), id);
            person.name = if id.bytes().all(|byte| byte.is_ascii_digit()) {
                String::new()
            } else {
                id.to_owned()
            };
        }
        let named = cells::name_of(row, self.name);
        if !named.is_empty() {
            person.name = named;
        }
        self.keys(row, &mut person);
        self.describe(row, &mut person);
        person
    }

    /// Makes sure that the rows of one order name one buyer.
    ///
    /// # Errors
    /// The line that names somebody else.
    pub fn same_buyer(&self, rows: &[Row]) -> Result<(), (u64, RowProblem)> {
        for (field, at) in [("customer_id", self.customer_id), ("email", self.email)] {
            let mut named = rows
                .iter()
                .map(|row| (row, cells::cell(row, at)))
                .filter(|(_, cell)| !cell.is_empty());
            let Some((_, first)) = named.next() else {
                continue;
            };
            if let Some((row, other)) = named.find(|(_, cell)| !cell.eq_ignore_ascii_case(&first)) {
                return Err((
                    row.line(),
                    RowProblem::new(field, "buyer_mixed").value(&other),
                ));
            }
        }
        Ok(())
    }

    /// Reads a row of a customer list.
    ///
    /// # Errors
    /// When a cell that must be understood is not.
    pub fn customer(
        &self,
        row: &Row,
        source: &str,
        reading: &Reading,
    ) -> Result<Person, RowProblem> {
        let mut person = Person {
            name: cells::name_of(row, self.name),
            ..Person::default()
        };
        let id = cells::words(row, self.customer_id);
        if !id.is_empty() {
            let id = without_decimals(&id);
            person.add(KeyKind::External, format!("{source}:{id}"), id);
        }
        self.keys(row, &mut person);
        self.describe(row, &mut person);
        person.gender = gender(&cells::cell(row, self.gender)).to_owned();
        self.birth(row, reading, &mut person)?;
        person.note = cells::words(row, self.note);
        person.language = cells::words(row, self.language);
        person.store = self
            .stores
            .iter()
            .map(|at| cells::name_of(row, *at))
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        if person.display_name().is_empty() && !person.is_known() {
            return Err(RowProblem::new("customer_id", "customer_missing"));
        }
        if person.external().is_none() {
            let fallback = person.keys.first().map_or_else(
                || format!("{source}:row:{}", person.fingerprint()),
                |raw| format!("{source}:{}:{}", raw.key.kind.key(), raw.key.value),
            );
            let raw = String::new();
            let key = Key {
                kind: KeyKind::External,
                value: fallback,
                verified: false,
            };
            person.keys.insert(0, RawKey { key, raw });
        }
        Ok(person)
    }

    fn keys(&self, row: &Row, person: &mut Person) {
        let card = text::narrow(&cells::name_of(row, self.card));
        if !card.is_empty() && !phone::is_masked(&card) {
            person.add(
                KeyKind::Card,
                card.replace([' ', '-'], "").to_uppercase(),
                &card,
            );
        }
        for at in self.phones {
            let raw = cells::cell(row, at);
            self.add_phone(&raw, person);
        }
        let raw = cells::cell(row, self.email);
        self.add_email(&raw, person);
        let contact = cells::cell(row, self.contact);
        if contact.contains('@') {
            self.add_email(&contact, person);
        } else {
            self.add_phone(&contact, person);
        }
        let id = text::narrow(&cells::name_of(row, self.national_id));
        if !id.is_empty() && !phone::is_masked(&id) {
            person.add(
                KeyKind::NationalId,
                id.replace([' ', '-'], "").to_uppercase(),
                &id,
            );
        }
    }

    fn add_phone(&self, raw: &str, person: &mut Person) {
        if raw.is_empty() {
            return;
        }
        match phone::normalize(raw, &self.country_code) {
            PhoneOutcome::Valid(number) => person.add(KeyKind::Phone, number, raw),
            // A mainland mobile is unmistakable, and chains abroad have such customers.
            PhoneOutcome::Invalid => match phone::normalize(raw, "CN").valid() {
                Some(number) if number.len() == 14 && number.starts_with("+861") => {
                    person.add(KeyKind::Phone, number, raw);
                }
                _ => person.unread.push("phone"),
            },
            PhoneOutcome::Masked | PhoneOutcome::Placeholder => {}
        }
    }

    fn add_email(&self, raw: &str, person: &mut Person) {
        if raw.is_empty() {
            return;
        }
        match email::normalize(raw) {
            EmailOutcome::Valid(address) => person.add(KeyKind::Email, address, raw),
            EmailOutcome::Invalid => person.unread.push("email"),
            EmailOutcome::Masked | EmailOutcome::Placeholder | EmailOutcome::Relay(_) => {}
        }
    }

    fn describe(&self, row: &Row, person: &mut Person) {
        person.given_name = cells::name_of(row, self.given_name);
        person.family_name = cells::name_of(row, self.family_name);
        let country = cells::cell(row, self.country);
        person.country = clientele_domain::mapping::country(&country)
            .map_or("", |country| country.code)
            .to_owned();
        person.city = cells::words(row, self.city);
        let street = join(
            &[
                cells::words(row, self.street_number),
                cells::words(row, self.address),
            ],
            " ",
        );
        person.address = join(
            &[
                street,
                cells::words(row, self.address2),
                cells::words(row, self.region),
            ],
            ", ",
        );
        person.postcode = cells::words(row, self.postcode);
    }

    /// A day that does not exist is an error only where the whole cell is one;
    /// people's records often hold an impossible birthday, and losing the
    /// customer for it would be worse.
    fn birth(&self, row: &Row, reading: &Reading, person: &mut Person) -> Result<(), RowProblem> {
        let cell = cells::cell(row, self.birth_date);
        if cell.is_empty() {
            return Ok(());
        }
        use clientele_domain::dates::DateError;
        match parse_birth(&cell, reading.notation.dates) {
            Ok(date) => person.birth_date = date.to_string(),
            Err(DateError::NotADate) => {
                return Err(RowProblem::new("birth_date", "date_invalid").value(&cell));
            }
            Err(_) => person.unread.push("birth_date"),
        }
        Ok(())
    }
}

fn join(parts: &[String], glue: &str) -> String {
    let filled: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    filled.join(glue)
}

/// `17850.0` is what a table of numbers with gaps makes of 17850.
fn without_decimals(id: &str) -> &str {
    id.strip_suffix(".0")
        .filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or(id)
}

fn gender(cell: &str) -> &'static str {
    match cell.trim().to_lowercase().as_str() {
        "f" | "female" | "woman" | "女" | "女性" | "女士" | "ms" | "mrs" | "miss" => "female",
        "m" | "male" | "man" | "男" | "男性" | "先生" | "mr" => "male",
        "other" | "x" | "nonbinary" | "non-binary" | "其他" => "other",
        _ => "",
    }
}
