//! Rejected rows on their way out to be mended, and back in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use clientele_domain::{
    export::defuse,
    id::{ImportId, UploadId},
    mapping::Kind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    actions::NewImport,
    entity::{import, reject},
    job::Resume,
    options::{ImportOptions, REJECT_COLUMNS, Reading, Stored, resolve},
    store,
};
use crate::{
    app::App,
    ctx::hex,
    error::{Error, Result},
    features::settings::Settings,
};

/// A rejected row with its reason.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RejectView {
    /// Line of the file at which the row begins.
    pub line: i64,
    /// The field at fault, empty for the row as a whole.
    pub field: String,
    /// Stable code; the web app translates it.
    pub code: String,
    /// Values for the translated sentence.
    #[schema(value_type = Object)]
    pub params: Value,
    /// The row as received.
    pub cells: Vec<String>,
    /// Whether it waits here no more.
    pub resolved: bool,
    /// Where it waits instead, if it was not mended: in the import that was given
    /// the file again, or in the one whose rows were to be mended.
    pub waits_in: Option<ImportId>,
}

impl RejectView {
    /// The row as people see it.
    ///
    /// # Errors
    /// Never in practice: rows are written by the import.
    pub fn of(row: reject::Model) -> Result<Self> {
        Ok(Self {
            line: row.line,
            field: row.field,
            code: row.code,
            params: serde_json::from_str(&row.params)?,
            cells: serde_json::from_str(&row.cells)?,
            resolved: row.resolved,
            waits_in: None,
        })
    }
}

/// Where rows wait that wait no more in this import, by line.
///
/// # Errors
/// When the book fails.
pub async fn waiting_elsewhere(
    connection: &impl ConnectionTrait,
    row: &import::Model,
    lines: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, ImportId>> {
    let stored: Stored = serde_json::from_str(&row.options)?;
    let mut imports: Vec<i64> = store::of_same_file(connection, row)
        .await?
        .into_iter()
        .filter(|id| *id > row.id)
        .collect();
    imports.extend(stored.parent.map(|parent| parent.0));
    let waiting: Vec<(i64, i64)> = reject::Entity::find()
        .select_only()
        .columns([reject::Column::Line, reject::Column::ImportId])
        .filter(reject::Column::ImportId.is_in(imports))
        .filter(reject::Column::Line.is_in(lines))
        .filter(reject::Column::Resolved.eq(false))
        .into_tuple()
        .all(connection)
        .await?;
    let place = |(line, id)| (line, ImportId(id));
    Ok(waiting.into_iter().map(place).collect())
}

/// A row a person mended.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendedRow {
    /// Its line in the first file.
    pub line: i64,
    /// All its cells.
    pub cells: Vec<String>,
}

/// The column names of an import's file.
///
/// # Errors
/// Never in practice: the options are written by the program.
pub fn columns(row: &import::Model) -> Result<Vec<String>> {
    let stored: Stored = serde_json::from_str(&row.options)?;
    Ok(stored.columns)
}

/// Every rejected row that still waits, as CSV in the original columns plus the
/// reason; cells that spreadsheets would run are made harmless.
///
/// # Errors
/// When the book fails.
pub async fn csv(connection: &impl ConnectionTrait, id: ImportId) -> Result<Vec<u8>> {
    let row = store::find(connection, id).await?;
    let columns = columns(&row)?;
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    let failed = |error: csv::Error| anyhow::Error::new(error);
    let header = columns.iter().map(|name| defuse(name).into_owned());
    writer
        .write_record(header.chain(REJECT_COLUMNS.map(str::to_owned)))
        .map_err(failed)?;
    let mut after = 0;
    loop {
        let (rows, _) = store::rejects(connection, id, after, 1_000).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in rows.into_iter().filter(|row| !row.resolved) {
            let view = RejectView::of(row)?;
            let mut cells: Vec<String> = view
                .cells
                .iter()
                .map(|cell| defuse(cell).into_owned())
                .collect();
            while cells.len() < columns.len() {
                cells.push(String::new());
            }
            let value = view
                .params
                .get("value")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let value = defuse(value).into_owned();
            cells.extend([
                view.line.to_string(),
                view.code,
                view.field,
                value,
                id.to_string(),
            ]);
            writer.write_record(&cells).map_err(failed)?;
        }
    }
    writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("writing to memory failed: {error}").into())
}

/// Prepares the import of mended rows: a small file with them and with the
/// untouched rows of the same orders, read as the first file was.
///
/// # Errors
/// `rows_missing`, `reject_unknown`, `import_running`.
pub async fn prepare_retry(
    app: &App,
    id: ImportId,
    mended: &[MendedRow],
) -> Result<(NewImport, UploadId, i64)> {
    let connection = app.db.read();
    let row = store::find(connection, id).await?;
    if row.dry_run || row.state != "done" {
        return Err(Error::conflict(
            "import_running",
            "Rows can be mended when the import has ended.",
        ));
    }
    if mended.is_empty() {
        return Err(Error::invalid(
            "rows",
            "rows_missing",
            "Give at least one row.",
        ));
    }
    let waiting = waiting(connection, id).await?;
    let mut chosen: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut orders: HashSet<String> = HashSet::new();
    for one in mended {
        let known = waiting.get(&one.line).ok_or_else(|| {
            Error::invalid(
                "rows",
                "reject_unknown",
                format!("Line {} does not wait to be mended.", one.line),
            )
            .with("line", one.line)
        })?;
        orders.extend(
            known
                .params
                .get("order")
                .and_then(Value::as_str)
                .map(str::to_owned),
        );
        chosen.insert(one.line, one.cells.clone());
    }
    for (line, view) in &waiting {
        let order = view.params.get("order").and_then(Value::as_str);
        if order.is_some_and(|order| orders.contains(order)) {
            chosen.entry(*line).or_insert_with(|| view.cells.clone());
        }
    }
    let (bytes, lines) = table(&columns(&row)?, &chosen)?;
    let upload = UploadId(app.env.next_id());
    tokio::fs::write(store::path_of(app, upload), &bytes).await?;
    let new = NewImport {
        kind: Kind::parse(&row.kind)
            .ok_or_else(|| anyhow::anyhow!("unknown kind of import {}", row.kind))?,
        source: row.source.clone(),
        file_name: row.file_name.clone(),
        file_hash: hex(&Sha256::digest(&bytes)),
        stored: Stored {
            options: options_of(&row)?,
            columns: columns(&row)?,
            upload: Some(upload),
            parent: Some(id),
            lines,
        },
        dry_run: false,
    };
    Ok((new, upload, bytes.len() as i64))
}

/// A download of rejected rows given back as a file is read as the first file
/// was, whatever source the caller names.
///
/// # Errors
/// `not_found` when there is no such import any more.
pub async fn adopt(
    connection: &impl ConnectionTrait,
    path: &Path,
    reading: Reading,
    settings: &Settings,
) -> Result<(Reading, Option<import::Model>)> {
    let Some((first, _)) = reading.mends() else {
        return Ok((reading, None));
    };
    let row = store::find(connection, first).await?;
    if Kind::parse(&row.kind) != Some(reading.kind) {
        return Ok((reading, None));
    }
    let layout = reading.source.layout();
    let given = ImportOptions {
        encoding: Some(layout.encoding.name().to_owned()),
        delimiter: reading.options.delimiter.clone(),
        header_row: Some(layout.header_row),
        ..options_of(&row)?
    };
    Ok((
        resolve(path, reading.kind, &given, None, settings)?,
        Some(row),
    ))
}

async fn waiting(
    connection: &impl ConnectionTrait,
    id: ImportId,
) -> Result<BTreeMap<i64, RejectView>> {
    let mut all = BTreeMap::new();
    let mut after = 0;
    loop {
        let (rows, _) = store::rejects(connection, id, after, 1_000).await?;
        let Some(last) = rows.last() else {
            return Ok(all);
        };
        after = last.line;
        for row in rows.into_iter().filter(|row| !row.resolved) {
            all.insert(row.line, RejectView::of(row)?);
        }
    }
}

/// Pairs of a line in the mended file and the line of the first file it came from.
type Lines = Vec<(u64, u64)>;

/// The rows as a CSV file, and which line of it is which line of the first file.
fn table(columns: &[String], rows: &BTreeMap<i64, Vec<String>>) -> Result<(Vec<u8>, Lines)> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let failed = |error: csv::Error| anyhow::Error::new(error);
    writer.write_record(columns).map_err(failed)?;
    let breaks = |cells: &[String]| {
        cells
            .iter()
            .map(|cell| cell.matches('\n').count() as u64)
            .sum::<u64>()
    };
    let mut line = 2 + breaks(columns);
    let mut lines = Vec::with_capacity(rows.len());
    for (first, cells) in rows {
        let clean: Vec<String> = cells
            .iter()
            .map(|cell| cell.replace(['\0', '\r'], ""))
            .collect();
        writer.write_record(&clean).map_err(failed)?;
        lines.push((line, first.cast_unsigned()));
        line += 1 + breaks(&clean);
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| anyhow::anyhow!("writing to memory failed: {error}"))?;
    Ok((bytes, lines))
}

/// As the first file was read, with what its whole told about single rows.
fn options_of(row: &import::Model) -> Result<ImportOptions> {
    let stored: Stored = serde_json::from_str(&row.options)?;
    let resume: Resume = serde_json::from_str(&row.resume).unwrap_or_default();
    Ok(ImportOptions {
        encoding: Some("UTF-8".to_owned()),
        delimiter: Some(",".to_owned()),
        sheet: None,
        header_row: Some(1),
        document_prefixes: Some(resume.facts.document_prefixes),
        amounts_per_line: Some(resume.facts.amounts_per_line),
        ..stored.options
    })
}
