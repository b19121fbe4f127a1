//! How a file is read: what people chose, what the source remembers, what the
//! file itself says, in that order.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use clientele_domain::{
    dates::{self, DateOrder},
    id::{ImportId, UploadId},
    mapping::{self, Guess, GuessBy, Kind, Writing},
    money::{Currency, DecimalMark, guess_decimal_mark},
};
use clientele_files::{FileError, FileOptions, Layout, Row, Source};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::cells::{self, Notation};
use crate::{
    error::{Error, Result},
    features::settings::Settings,
};

/// How to read a file; whatever is missing is found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImportOptions {
    /// Label of the encoding, such as `GB18030`.
    pub encoding: Option<String>,
    /// One character between the cells, or `tab`.
    pub delimiter: Option<String>,
    /// Name of the worksheet.
    pub sheet: Option<String>,
    /// Line of the header, 0 for none.
    pub header_row: Option<u64>,
    /// `ymd`, `dmy` or `mdy`.
    pub date_order: Option<String>,
    /// `point` or `comma`.
    pub decimal_mark: Option<String>,
    /// Currency of rows that name none.
    pub currency: Option<String>,
    /// IANA zone of the file's clock; a store's own zone where empty.
    pub time_zone: Option<String>,
    /// Country that completes phone numbers.
    pub country: Option<String>,
    /// Field → column name; an empty name leaves the field out.
    pub mapping: BTreeMap<String, String>,
    /// Whether numbers beginning with C and A mark cancellations and adjustments.
    pub document_prefixes: Option<bool>,
    /// Whether the amount paid is repeated per line or belongs to each line.
    pub amounts_per_line: Option<bool>,
}

/// What the book keeps of an import's reading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    /// The resolved options.
    pub options: ImportOptions,
    /// The file's columns.
    pub columns: Vec<String>,
    /// The file.
    pub upload: Option<UploadId>,
    /// The import whose rejected rows this one mends.
    pub parent: Option<ImportId>,
    /// For each row of a mended file, its line and the one in the first file.
    pub lines: Vec<(u64, u64)>,
}

/// A file opened with every question answered.
pub struct Reading {
    /// What its rows are.
    pub kind: Kind,
    /// The file.
    pub source: Source,
    /// Everything resolved.
    pub options: ImportOptions,
    /// Where each column's field comes from.
    pub guesses: Vec<Guess>,
    /// Up to a thousand rows.
    pub samples: Vec<Row>,
    /// Field key → column.
    columns: HashMap<&'static str, usize>,
    /// Whether the currency was only inferred.
    pub currency_inferred: bool,
    /// Byte sequences of the samples that do not fit the encoding.
    pub malformed: u64,
    /// Bytes of the file per row of the samples, and in all.
    sample_bytes: (u64, u64),
    /// Whether the samples read as dates in more than one order.
    pub dates_ambiguous: bool,
    pub(super) notation: Notation,
    pub(super) zone: Option<TimeZone>,
}

impl Reading {
    /// Everything but the rows themselves that says what they mean.
    pub(super) fn fingerprint(&self) -> Result<String> {
        let mut columns: Vec<_> = self.columns.iter().collect();
        columns.sort_unstable();
        let options = serde_json::to_string(&self.options)?;
        Ok(format!("{columns:?} {:?} {options}", self.notation))
    }
}

/// What a download of rejected rows adds to the file's own columns.
pub const REJECT_COLUMNS: [&str; 5] = ["line", "reason", "field", "value", "import"];

const SAMPLE_ROWS: usize = 1000;

impl Reading {
    /// The column of a field.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.get(key).copied()
    }

    /// The import whose downloaded rejects this file is, and the column of the first line numbers.
    pub fn mends(&self) -> Option<(ImportId, usize)> {
        let columns = &self.source.layout().columns;
        let start = columns.len().checked_sub(REJECT_COLUMNS.len())?;
        if columns[start..] != REJECT_COLUMNS {
            return None;
        }
        let id = cells::cell(self.samples.first()?, Some(columns.len() - 1))
            .parse()
            .ok()?;
        Some((id, start))
    }

    /// What the mapping lacks.
    pub fn problems(&self) -> Vec<mapping::Problem> {
        mapping::problems(self.kind, &|key| self.columns.contains_key(key))
    }

    /// How many rows the file has, or probably has if the samples are not all of it.
    pub fn rows_estimated(&self) -> u64 {
        let rows = self.samples.len() as u64;
        let (read, total) = self.sample_bytes;
        if self.samples.len() < SAMPLE_ROWS {
            rows
        } else {
            rows * total / read.max(1)
        }
    }

    /// The options as the job keeps them: fields without a column stay without one.
    pub fn fixed_options(&self) -> ImportOptions {
        let mut options = self.options.clone();
        for field in self.kind.fields() {
            options.mapping.entry(field.key.to_owned()).or_default();
        }
        options
    }

    /// Refuses a mapping that lacks something.
    ///
    /// # Errors
    /// `field_missing`.
    pub fn check(&self) -> Result<()> {
        match self.problems().first() {
            None => Ok(()),
            Some(problem) => {
                let field = problem.params.get("field").cloned().unwrap_or_default();
                let columns = self.source.layout().columns.join(", ");
                let layout = self.source.layout();
                let sheet = match layout.sheets.len() {
                    0 | 1 => String::new(),
                    _ => format!(" Or choose another sheet: {}.", layout.sheets.join(", ")),
                };
                let detail = format!("No column holds {field}. Map one of: {columns}.{sheet}");
                Err(Error::invalid("mapping", "field_missing", detail).with("field", field))
            }
        }
    }

    /// The currency of rows that name none.
    pub fn currency(&self) -> Currency {
        self.options
            .currency
            .as_deref()
            .and_then(|code| Currency::parse(code).ok())
            .expect("resolving always settles a currency")
    }
}

/// A file that cannot be read, as a refusal.
pub fn refuse(error: &FileError) -> Error {
    let mut refusal = Error::invalid("file", error.code(), error.to_string());
    if let Some(params) = error.params().as_object() {
        for (key, value) in params {
            refusal = refusal.with(key, value.clone());
        }
    }
    refusal
}

/// Opens a file and answers every question of its reading.
///
/// # Errors
/// When the file is no table or an option is not understood.
pub fn resolve(
    path: &Path,
    kind: Kind,
    given: &ImportOptions,
    remembered: Option<&ImportOptions>,
    settings: &Settings,
) -> Result<Reading> {
    let file_options = FileOptions {
        encoding: given.encoding.clone(),
        delimiter: given.delimiter.clone(),
        sheet: given.sheet.clone(),
        header_row: given.header_row,
    };
    let source = Source::open(path, &file_options, &|cells| mapping::known_headers(cells))
        .map_err(|e| refuse(&e))?;
    let (samples, malformed, sample_bytes) = sample(&source)?;
    let layout = source.layout().clone();
    let guesses = assign(kind, &layout.columns, &samples, given, remembered)?;
    let columns: HashMap<&'static str, usize> = guesses
        .iter()
        .enumerate()
        .filter_map(|(at, guess)| Some((guess.field?, at)))
        .collect();
    let pick = |choose: fn(&ImportOptions) -> &Option<String>| {
        choose(given)
            .clone()
            .or_else(|| remembered.and_then(|options| choose(options).clone()))
            .filter(|text| !text.is_empty())
    };
    let date_guess = guess_dates(&samples, &columns);
    let dates_ambiguous = date_guess.ambiguous && given.date_order.is_none();
    let date_order = pick(|options| &options.date_order)
        .unwrap_or_else(|| order_name(date_guess.order).to_owned());
    let decimal_mark = pick(|options| &options.decimal_mark)
        .unwrap_or_else(|| mark_name(guess_decimals(kind, &samples, &columns)).to_owned());
    let notation = Notation {
        dates: parse_order(&date_order)?,
        decimals: parse_mark(&decimal_mark)?,
    };
    let time_zone = pick(|options| &options.time_zone);
    let zone = time_zone.as_deref().map(parse_zone).transpose()?;
    let inferred = infer(&layout, &samples, &columns);
    let chosen = pick(|options| &options.currency)
        .or_else(|| Some(settings.reporting_currency.clone()).filter(|code| !code.is_empty()));
    let currency_inferred = chosen.is_none();
    let currency = chosen.unwrap_or_else(|| inferred.currency.clone());
    let currency = Currency::parse(&currency).map_err(|_| {
        Error::invalid(
            "currency",
            "currency_unknown",
            "Use an ISO 4217 code such as EUR.",
        )
    })?;
    let country = pick(|options| &options.country)
        .or_else(|| Some(settings.country.clone()).filter(|code| !code.is_empty()))
        .map(|code| parse_country(&code))
        .transpose()?
        .unwrap_or_else(|| inferred.country_for(settings.phone_country()));
    let options = ImportOptions {
        encoding: Some(layout.encoding.name().to_owned()),
        delimiter: Some(delimiter_name(layout.delimiter)),
        sheet: layout.sheet,
        header_row: Some(layout.header_row),
        date_order: Some(date_order),
        decimal_mark: Some(decimal_mark),
        currency: Some(currency.code().to_owned()),
        time_zone,
        country: Some(country),
        mapping: columns
            .iter()
            .map(|(key, at)| ((*key).to_owned(), layout.columns[*at].clone()))
            .collect(),
        document_prefixes: given.document_prefixes,
        amounts_per_line: given.amounts_per_line,
    };
    Ok(Reading {
        kind,
        source,
        options,
        guesses,
        samples,
        columns,
        currency_inferred,
        dates_ambiguous,
        malformed,
        sample_bytes,
        notation,
        zone,
    })
}

fn sample(source: &Source) -> Result<(Vec<Row>, u64, (u64, u64))> {
    let mut rows = source.rows().map_err(|error| refuse(&error))?;
    let (mut samples, mut row) = (Vec::new(), Row::default());
    while samples.len() < SAMPLE_ROWS && rows.read(&mut row).map_err(|error| refuse(&error))? {
        samples.push(row.clone());
    }
    Ok((samples, rows.malformed(), rows.progress()))
}

/// Gives columns their fields: by hand, else as remembered, else by guess.
fn assign(
    kind: Kind,
    columns: &[String],
    samples: &[Row],
    given: &ImportOptions,
    remembered: Option<&ImportOptions>,
) -> Result<Vec<Guess>> {
    let texts: Vec<Vec<&str>> = samples
        .iter()
        .take(200)
        .map(|row| row.cells().collect())
        .collect();
    let mut guesses = mapping::guess(kind, columns, &texts);
    if let Some(remembered) = remembered {
        for (field, column) in &remembered.mapping {
            if let (Some(key), Some(at)) = (key_of(kind, field), position(columns, column)) {
                put(&mut guesses, key, Some(at), GuessBy::Remembered);
            }
        }
    }
    for (field, column) in &given.mapping {
        let key = key_of(kind, field).ok_or_else(|| {
            Error::invalid(
                "mapping",
                "field_unknown",
                format!("There is no field {field}."),
            )
            .with("field", field.as_str())
        })?;
        let at = match column.as_str() {
            "" => None,
            name => Some(position(columns, name).ok_or_else(|| {
                Error::invalid(
                    "mapping",
                    "column_unknown",
                    format!("The file has no column {name}."),
                )
                .with("column", name)
            })?),
        };
        put(&mut guesses, key, at, GuessBy::Name);
    }
    Ok(guesses)
}

fn put(guesses: &mut [Guess], key: &'static str, at: Option<usize>, by: GuessBy) {
    if let Some(at) = at
        && guesses[at].field == Some(key)
    {
        return;
    }
    for guess in guesses.iter_mut().filter(|guess| guess.field == Some(key)) {
        *guess = Guess {
            field: None,
            by: GuessBy::None,
        };
    }
    if let Some(at) = at {
        guesses[at] = Guess {
            field: Some(key),
            by,
        };
    }
}

fn key_of(kind: Kind, field: &str) -> Option<&'static str> {
    kind.fields()
        .iter()
        .map(|known| known.key)
        .find(|key| *key == field)
}

fn position(columns: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    columns
        .iter()
        .position(|column| column == name)
        .or_else(|| {
            let wanted = mapping::normalize_header(name);
            columns
                .iter()
                .position(|column| mapping::normalize_header(column) == wanted)
        })
}

fn guess_dates(samples: &[Row], columns: &HashMap<&'static str, usize>) -> dates::OrderGuess {
    let at = ["ordered_at", "paid_at", "birth_date"]
        .iter()
        .find_map(|key| columns.get(key).copied());
    let texts: Vec<_> = samples
        .iter()
        .map(|row| cells::cell(row, at))
        .filter(|text| !text.is_empty())
        .collect();
    dates::guess_order(texts.iter().map(AsRef::as_ref))
}

fn guess_decimals(
    kind: Kind,
    samples: &[Row],
    columns: &HashMap<&'static str, usize>,
) -> DecimalMark {
    let amounts = kind
        .fields()
        .iter()
        .filter(|field| field.kind == mapping::Type::Amount);
    let at: Vec<usize> = amounts
        .filter_map(|field| columns.get(field.key).copied())
        .collect();
    let texts: Vec<_> = samples
        .iter()
        .flat_map(|row| at.iter().map(|at| cells::cell(row, Some(*at))))
        .filter(|text| !text.is_empty())
        .collect();
    guess_decimal_mark(texts.iter().map(AsRef::as_ref))
}

struct Inferred {
    currency: String,
    country: String,
    /// Whether rows or a writing of one country name it: simplified Chinese is
    /// written in Singapore too.
    is_sure: bool,
}

impl Inferred {
    /// The country that completes phone numbers, in a chain at home in another one.
    fn country_for(&self, home: &str) -> String {
        let is_nearer = self.country == "TW" && matches!(home, "HK" | "MO");
        if (self.is_sure && !is_nearer) || home.is_empty() {
            self.country.clone()
        } else {
            home.to_owned()
        }
    }
}

/// Currency and country of a file: what most of its rows name, else the writing of its
/// header and its encoding.
fn infer(layout: &Layout, samples: &[Row], at: &HashMap<&'static str, usize>) -> Inferred {
    let cells = |field: &str| {
        let column = at.get(field).copied();
        let rows = samples
            .iter()
            .take(if column.is_some() { SAMPLE_ROWS } else { 0 });
        rows.map(move |row| cells::cell(row, column))
    };
    let codes = cells("currency").map(|cell| cell.to_uppercase());
    let currency = most_frequent(codes.filter(|code| Currency::parse(code).is_ok()));
    let countries = cells("country").filter_map(|cell| mapping::country(&cell));
    let country = most_frequent(countries.map(|country| country.code.to_owned()));
    let writing = mapping::writing(&layout.columns.concat(), layout.encoding.name());
    let written = writing.map_or("", |writing| match writing {
        Writing::Simplified => "CN",
        Writing::Traditional => "TW",
        Writing::Japanese => "JP",
        Writing::Korean => "KR",
    });
    let is_sure = country.is_some() || !matches!(written, "" | "CN");
    let country = country.unwrap_or_else(|| written.to_owned());
    let of_country = mapping::country_by_code(&country).map_or("USD", |known| known.currency);
    Inferred {
        currency: currency.unwrap_or_else(|| of_country.to_owned()),
        country,
        is_sure,
    }
}

fn most_frequent(values: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(value, _)| value)
}

fn delimiter_name(delimiter: u8) -> String {
    if delimiter == b'\t' {
        "tab".to_owned()
    } else {
        char::from(delimiter).to_string()
    }
}

const fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Ymd => "ymd",
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
    }
}

fn parse_order(word: &str) -> Result<DateOrder> {
    match word {
        "ymd" => Ok(DateOrder::Ymd),
        "dmy" => Ok(DateOrder::Dmy),
        "mdy" => Ok(DateOrder::Mdy),
        _ => Err(Error::invalid(
            "date_order",
            "date_order_unknown",
            "Use ymd, dmy or mdy.",
        )),
    }
}

const fn mark_name(mark: DecimalMark) -> &'static str {
    match mark {
        DecimalMark::Point => "point",
        DecimalMark::Comma => "comma",
    }
}

fn parse_mark(word: &str) -> Result<DecimalMark> {
    match word {
        "point" => Ok(DecimalMark::Point),
        "comma" => Ok(DecimalMark::Comma),
        _ => Err(Error::invalid(
            "decimal_mark",
            "decimal_mark_unknown",
            "Use point or comma.",
        )),
    }
}

/// The code of a country as ISO 3166 writes it.
fn parse_country(code: &str) -> Result<String> {
    let code = code.trim().to_ascii_uppercase();
    match mapping::country_by_code(&code) {
        Some(_) => Ok(code),
        None => Err(Error::invalid(
            "country",
            "country_unknown",
            "Use an ISO 3166 code such as SG.",
        )),
    }
}

/// The zone of an IANA name.
pub fn parse_zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        Error::invalid(
            "time_zone",
            "time_zone_unknown",
            "Use an IANA name such as Asia/Singapore.",
        )
    })
}
