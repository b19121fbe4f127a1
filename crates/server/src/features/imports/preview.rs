//! What a file would be read as, before anything happens.

use std::collections::BTreeMap;

use clientele_domain::mapping::{self, GuessBy, Kind};
use serde::Serialize;

use super::{
    cells,
    options::{ImportOptions, Reading},
};

/// A file as it would be read.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// Every option, given or found.
    pub options: ImportOptions,
    /// What was found out by itself.
    pub detected: BTreeMap<&'static str, Detected>,
    /// Encodings to choose from.
    pub encodings: Vec<&'static str>,
    /// Worksheets to choose from.
    pub sheets: Vec<String>,
    /// The file's columns.
    pub columns: Vec<Column>,
    /// The first rows, cell by cell.
    pub rows: Vec<Vec<String>>,
    /// What a row of this kind can hold.
    pub fields: Vec<FieldView>,
    /// What is missing or doubtful; nothing of code `field_missing` may be left.
    pub problems: Vec<ProblemView>,
    /// How many rows the file probably has.
    pub rows_estimated: u64,
}

/// One thing found out.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Detected {
    /// What.
    pub value: String,
    /// From 0 to 1.
    pub confidence: f64,
}

/// A column and what it holds.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Column {
    /// Its place from 0.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Up to five different cells.
    pub samples: Vec<String>,
    /// The field it is read as.
    pub field: Option<&'static str>,
    /// `name`, `content`, `remembered` or `none`.
    pub guess: &'static str,
}

/// A field columns can be read as.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldView {
    /// Stable name.
    pub key: &'static str,
    /// Names for people.
    pub label: Label,
    /// Whether rows need it or a substitute.
    pub required: bool,
    /// `text`, `number`, `amount`, `date`, `phone` or `email`.
    pub kind: &'static str,
}

/// A name in both languages.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Label {
    pub en: &'static str,
    pub zh: &'static str,
}

/// Something missing or doubtful.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemView {
    /// Stable code.
    pub code: String,
    /// Values for the translated sentence.
    pub params: BTreeMap<String, String>,
}

const SHOWN_ROWS: usize = 20;

/// Describes a reading.
pub fn preview(reading: &Reading) -> Preview {
    let layout = reading.source.layout();
    let mut detected = BTreeMap::new();
    let encoding = Detected {
        value: layout.encoding.name().to_owned(),
        confidence: layout.encoding.confidence,
    };
    detected.insert("encoding", encoding);
    let currency = reading.options.currency.clone().unwrap_or_default();
    detected.insert(
        "currency",
        Detected {
            value: currency,
            confidence: if reading.currency_inferred { 0.6 } else { 1.0 },
        },
    );
    let order = reading.options.date_order.clone().unwrap_or_default();
    detected.insert(
        "date_order",
        Detected {
            value: order,
            confidence: if reading.dates_ambiguous { 0.5 } else { 0.99 },
        },
    );
    Preview {
        options: reading.options.clone(),
        detected,
        encodings: clientele_files::ENCODINGS.to_vec(),
        sheets: layout.sheets.clone(),
        columns: columns(reading),
        rows: reading
            .samples
            .iter()
            .take(SHOWN_ROWS)
            .map(|row| {
                (0..layout.columns.len())
                    .map(|at| cells::words(row, Some(at)))
                    .collect()
            })
            .collect(),
        fields: fields(reading.kind),
        problems: problems(reading),
        rows_estimated: reading.rows_estimated(),
    }
}

fn columns(reading: &Reading) -> Vec<Column> {
    let names = reading.source.layout().columns.iter().enumerate();
    names
        .map(|(index, name)| {
            let mut samples: Vec<String> = Vec::new();
            for row in &reading.samples {
                let cell = cells::words(row, Some(index));
                if !cell.is_empty() && !samples.contains(&cell) {
                    samples.push(cell);
                }
                if samples.len() == 5 {
                    break;
                }
            }
            let guess = &reading.guesses[index];
            Column {
                index,
                name: name.clone(),
                samples,
                field: guess.field,
                guess: by(guess.by),
            }
        })
        .collect()
}

const fn by(guess: GuessBy) -> &'static str {
    match guess {
        GuessBy::Name => "name",
        GuessBy::Content => "content",
        GuessBy::Remembered => "remembered",
        GuessBy::None => "none",
    }
}

fn fields(kind: Kind) -> Vec<FieldView> {
    let view = |field: &mapping::Field| FieldView {
        key: field.key,
        label: Label {
            en: field.en,
            zh: field.zh,
        },
        required: mapping::required(kind, field.key),
        kind: match field.kind {
            mapping::Type::Text => "text",
            mapping::Type::Number => "number",
            mapping::Type::Amount => "amount",
            mapping::Type::Date => "date",
            mapping::Type::Phone => "phone",
            mapping::Type::Email => "email",
        },
    };
    kind.fields().iter().map(view).collect()
}

fn problems(reading: &Reading) -> Vec<ProblemView> {
    let mut all: Vec<ProblemView> = reading
        .problems()
        .into_iter()
        .map(|problem| ProblemView {
            code: problem.code,
            params: problem.params,
        })
        .collect();
    let mut add = |code: &str, params: &[(&str, String)]| {
        let params = params
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect();
        all.push(ProblemView {
            code: code.to_owned(),
            params,
        });
    };
    if reading.dates_ambiguous {
        add(
            "date_order_ambiguous",
            &[(
                "order",
                reading.options.date_order.clone().unwrap_or_default(),
            )],
        );
    }
    if reading.currency_inferred
        && reading.kind == Kind::Orders
        && reading.column("currency").is_none()
    {
        add(
            "currency_inferred",
            &[(
                "currency",
                reading.options.currency.clone().unwrap_or_default(),
            )],
        );
    }
    if reading.source.layout().encoding.confidence < 0.7 {
        add(
            "encoding_unsure",
            &[(
                "encoding",
                reading.source.layout().encoding.name().to_owned(),
            )],
        );
    }
    if reading.malformed > 0 {
        add(
            "encoding_errors",
            &[("count", reading.malformed.to_string())],
        );
    }
    all
}
