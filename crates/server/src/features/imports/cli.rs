//! Imports on the command line.

use std::{path::PathBuf, process::ExitCode};

use clientele_domain::{
    id::{ImportId, JobId},
    mapping::Kind,
};
use serde_json::Value;

use super::{
    actions::{self, NewImport},
    options::{self, ImportOptions, Stored},
    rejects, store, uploads,
};
use crate::{
    app::App,
    cli::{self, Global},
    error::{Error, Result},
    features::settings,
};

/// Arguments of `clientele import`.
#[derive(clap::Args)]
pub struct ImportArgs {
    /// What the rows are.
    #[arg(value_parser = ["orders", "customers", "products", "stores"])]
    kind: String,
    /// CSV, TSV or XLSX, plain or in gz or zip.
    file: PathBuf,
    /// Where the file comes from; numbers of one source never mean those of another.
    #[arg(long, value_name = "NAME", default_value = actions::DEFAULT_SOURCE)]
    source: String,
    /// A JSON file of options, or of field names and their columns.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Only tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// Currency of rows that name none.
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// IANA zone of the file's clock.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Country that completes phone numbers.
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Encoding of the file, found by itself unless given.
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Character between cells, or `tab`.
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<String>,
    /// Name of the worksheet.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// ymd, dmy or mdy.
    #[arg(long, value_name = "ORDER")]
    date_order: Option<String>,
    /// Write rejected rows with their reasons to a CSV file.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Arguments of `clientele undo`.
#[derive(clap::Args)]
pub struct UndoArgs {
    /// The import's id.
    import: String,
}

/// Rejected rows are no failure, and no plain success either.
const SOME_REJECTED: u8 = 3;

/// Imports a file and follows it to its end.
///
/// # Errors
/// When the file cannot be read or the book fails.
pub async fn import(app: App, global: &Global, args: ImportArgs) -> Result<ExitCode> {
    let kind = Kind::parse(&args.kind)
        .ok_or_else(|| Error::invalid("kind", "kind_unknown", "Unknown kind."))?;
    let source = actions::check_source(&args.source)?;
    let given = given_options(&args)?;
    let ctx = app.system_ctx();
    let remembered = store::remembered(app.db.read(), &source, kind).await?;
    let settings = settings::load(app.db.read()).await?;
    let reading = options::resolve(&args.file, kind, &given, remembered.as_ref(), &settings)?;
    let (reading, first) = rejects::adopt(app.db.read(), &args.file, reading, &settings).await?;
    let parent = first.as_ref().map(|row| ImportId(row.id));
    let source = first.map_or(source, |row| row.source);
    reading.check()?;
    let received = uploads::copy_in(&app, &args.file)?;
    let name = args
        .file
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let new = NewImport {
        kind,
        source,
        file_name: name,
        file_hash: received.sha256.clone(),
        stored: Stored {
            options: reading.fixed_options(),
            columns: reading.source.layout().columns.clone(),
            upload: Some(received.id),
            parent,
            ..Stored::default()
        },
        dry_run: args.dry_run,
    };
    let id = app
        .db
        .write(&ctx, move |tx| {
            let (new, received) = (new.clone(), received.clone());
            Box::pin(async move {
                actions::keep_upload(
                    tx,
                    received.id,
                    &new.file_name,
                    received.size_bytes,
                    &received.sha256,
                )
                .await?;
                actions::start(tx, &new).await
            })
        })
        .await?;
    let row = store::find(app.db.read(), id).await?;
    let job = JobId(row.job_id.unwrap_or_default());
    let output = cli::follow(&app, global, job).await?;
    if let Some(path) = &args.rejects {
        let bytes = rejects::csv(app.db.read(), id).await?;
        std::fs::write(path, bytes).map_err(|error| cli::not_writable(path, &error))?;
    }
    tell(&app, global, id, &output).await?;
    let rejected = output["rows"]["rejected"].as_i64().unwrap_or(0);
    Ok(if rejected > 0 {
        ExitCode::from(SOME_REJECTED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints the outcome: JSON, or what happened and why rows were refused.
async fn tell(app: &App, global: &Global, id: ImportId, output: &Value) -> Result<()> {
    cli::print_result(global, output);
    if global.json {
        return Ok(());
    }
    let (rows, count) = store::rejects(app.db.read(), id, 0, 10).await?;
    for row in &rows {
        let field = if row.field.is_empty() {
            String::new()
        } else {
            format!(" ({})", row.field)
        };
        cli::warn(format_args!(
            "line {}: {}{field} {}",
            row.line, row.code, row.params
        ));
    }
    if count > rows.len() as u64 {
        cli::warn(format_args!(
            "… and {} more; --rejects FILE writes them all",
            count - rows.len() as u64
        ));
    }
    Ok(())
}

fn given_options(args: &ImportArgs) -> Result<ImportOptions> {
    let mut options = match &args.mapping {
        None => ImportOptions::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Error::invalid(
                    "mapping",
                    "mapping_unreadable",
                    format!("{} cannot be read: {error}", path.display()),
                )
            })?;
            mapping_of(&text)?
        }
    };
    let or = |given: &Option<String>, from_file: Option<String>| given.clone().or(from_file);
    options.currency = or(&args.currency, options.currency);
    options.time_zone = or(&args.time_zone, options.time_zone);
    options.country = or(&args.country, options.country);
    options.encoding = or(&args.encoding, options.encoding);
    options.delimiter = or(&args.delimiter, options.delimiter);
    options.sheet = or(&args.sheet, options.sheet);
    options.date_order = or(&args.date_order, options.date_order);
    Ok(options)
}

/// A file of options, or simply of fields and columns.
fn mapping_of(text: &str) -> Result<ImportOptions> {
    if let Ok(options) = serde_json::from_str::<ImportOptions>(text) {
        return Ok(options);
    }
    let mapping = serde_json::from_str(text).map_err(|error| {
        let detail = format!(
            "The mapping is neither import options nor a list of fields and columns: {error}"
        );
        Error::invalid("mapping", "mapping_invalid", detail)
    })?;
    Ok(ImportOptions {
        mapping,
        ..ImportOptions::default()
    })
}

/// Takes an import back and follows it to its end.
///
/// # Errors
/// When there is no such import, it cannot be undone, or the book fails.
pub async fn undo(app: App, global: &Global, args: UndoArgs) -> Result<ExitCode> {
    let id: ImportId = args.import.parse().map_err(|_| {
        Error::invalid(
            "import",
            "id_invalid",
            "Give an id like the ones `import` prints, imp_…",
        )
    })?;
    let ctx = app.system_ctx();
    let job = app
        .db
        .write(&ctx, move |tx| {
            Box::pin(async move { actions::undo(tx, id).await })
        })
        .await?;
    let output = cli::follow(&app, global, job).await?;
    cli::print_result(global, &output);
    Ok(ExitCode::SUCCESS)
}
