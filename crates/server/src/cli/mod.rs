//! The command line. Exit codes: 0 done, 1 failed, 2 usage, 3 done but some rows
//! were rejected or a check found a difference.

mod audit;
mod jobs;
mod serve;
mod users;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use axum::http::StatusCode;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

pub use self::jobs::{follow, submit};
use crate::{
    app::{App, Config},
    ctx::Env,
    error::{Error, Result},
    features::{self, backups::cli::BackupArgs},
    observe::SlowStatements,
};

/// Clientele 熟客: the CRM of retail chains.
#[derive(Parser)]
#[command(name = "clientele", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args)]
pub struct Global {
    /// The data folder.
    #[arg(long, global = true, env = "CLIENTELE_DATA", default_value = "data")]
    data: PathBuf,
    /// Keep the book in PostgreSQL 15 or newer instead of a SQLite file.
    #[arg(
        long,
        global = true,
        env = "CLIENTELE_DATABASE_URL",
        value_name = "postgres://…"
    )]
    database_url: Option<String>,
    /// The file of the key that seals secrets of second factors; `secret.key` in the data
    /// folder unless told otherwise. Programs on one book need the same.
    #[arg(
        long = "key",
        global = true,
        env = "CLIENTELE_KEY",
        value_name = "FILE"
    )]
    key_file: Option<PathBuf>,
    /// Memory for questions over all customers, such as 512MB or 4GB; what needs more
    /// takes longer. The program as a whole needs about twice as much.
    #[arg(
        long,
        global = true,
        env = "CLIENTELE_MEMORY",
        value_name = "SIZE",
        default_value = "1GB",
        value_parser = memory
    )]
    memory: usize,
    /// What to log, for example `info` or `clientele=debug`.
    #[arg(long, global = true, env = "CLIENTELE_LOG", default_value = "warn")]
    log: String,
    /// Print machine-readable JSON instead of words.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Start the program: web app, API, jobs.
    Serve(serve::ServeArgs),
    /// Make a believable sample chain.
    Demo(features::demo::cli::DemoArgs),
    /// Import a file of orders, customers, products or stores.
    Import(Box<features::imports::cli::ImportArgs>),
    /// Undo an import as a whole.
    Undo(features::imports::cli::UndoArgs),
    /// Compute every customer's grades.
    Grade(features::grades::cli::GradeArgs),
    /// Write customers or orders to a file or to standard output.
    Export(features::customers::cli::ExportArgs),
    /// Look for likely duplicates and put them in the review queue.
    Duplicates,
    /// List the chain's settings, or set one.
    Settings {
        #[command(subcommand)]
        command: Option<features::settings::cli::SettingsCommand>,
    },
    /// List the exchange rates to the reporting currency, or set one.
    Rates {
        #[command(subcommand)]
        command: Option<features::settings::cli::RatesCommand>,
    },
    /// Tell what the book holds.
    Status,
    /// Prove that book and warehouse agree.
    Check,
    /// Put a copy of the book aside, while the program goes on.
    Backup(BackupArgs),
    /// Bring a backup back, into a data folder or database that has no book yet.
    Restore(features::backups::cli::RestoreArgs),
    /// Write what somebody who helps from afar needs to see, without personal data.
    Support {
        /// The zip file to write.
        file: PathBuf,
    },
    /// The columnar copy.
    Warehouse {
        #[command(subcommand)]
        command: features::warehouse::cli::WarehouseCommand,
    },
    /// The audit log.
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// People who sign in.
    User {
        #[command(subcommand)]
        command: users::UserCommand,
    },
    /// Print the OpenAPI document.
    Openapi,
}

/// Runs the command line and answers its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let json_logs = matches!(cli.command, Command::Serve(_));
    start_logs(&cli.global.log, json_logs);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(8 * 1024 * 1024)
        .build()
        .expect("the runtime starts with the machine's threads");
    let json = cli.global.json;
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            report(&error, json);
            ExitCode::from(1)
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let Cli { global, command } = cli;
    match command {
        Command::Openapi => {
            say(format_args!("{}", crate::http::openapi_json().trim_end()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(mut args) => {
            let backups = std::mem::take(&mut args.backups);
            serve::serve(open_keeping(&global, backups).await?, args).await
        }
        Command::Backup(args) => {
            features::backups::cli::backup(open_keeping(&global, args).await?, &global).await
        }
        Command::Restore(args) => {
            features::backups::cli::run_restore(config(&global), &global, args).await
        }
        Command::Demo(args) => features::demo::cli::demo(open(&global).await?, &global, args).await,
        Command::Import(args) => {
            features::imports::cli::import(open(&global).await?, &global, *args).await
        }
        Command::Undo(args) => {
            features::imports::cli::undo(open(&global).await?, &global, args).await
        }
        Command::Grade(args) => {
            features::grades::cli::grade(open(&global).await?, &global, args).await
        }
        Command::Export(args) => {
            features::customers::cli::export(open(&global).await?, &global, args).await
        }
        Command::Duplicates => features::duplicates::cli::find(open(&global).await?, &global).await,
        Command::Settings { command } => {
            features::settings::cli::settings(open(&global).await?, &global, command).await
        }
        Command::Rates { command } => {
            features::settings::cli::rates(open(&global).await?, &global, command).await
        }
        Command::Status => {
            let status = features::status::summarize(&open(&global).await?).await?;
            print_result(&global, &status);
            Ok(ExitCode::SUCCESS)
        }
        Command::Support { file } => {
            let bundle = features::status::bundle(&open(&global).await?).await?;
            std::fs::write(&file, bundle).map_err(|error| not_writable(&file, &error))?;
            print_result(&global, &serde_json::json!({ "file": file }));
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => features::warehouse::cli::check(open(&global).await?, &global).await,
        Command::Warehouse { command } => {
            features::warehouse::cli::run(open(&global).await?, &global, command).await
        }
        Command::Audit { command } => audit::run(open(&global).await?, &global, command).await,
        Command::User { command } => users::run(open(&global).await?, &global, command).await,
    }
}

fn config(global: &Global) -> Config {
    let mut config = Config::new(&global.data, global.database_url.as_deref());
    config.warehouse_options.memory_limit_bytes = global.memory;
    if let Some(key) = &global.key_file {
        config.key.clone_from(key);
    }
    config
}

async fn open(global: &Global) -> Result<App> {
    App::open(config(global), Env::system()).await
}

/// Opens a program that knows where backups are kept.
async fn open_keeping(global: &Global, backups: BackupArgs) -> Result<App> {
    let mut config = config(global);
    config.backups = backups.keeping();
    App::open(config, Env::system()).await
}

/// Too little to answer anything.
const LEAST_MEMORY: usize = 64 << 20;

/// Reads a size in bytes: a whole number of MB or GB.
fn memory(text: &str) -> Result<usize, String> {
    let text = text.trim().to_ascii_uppercase();
    let (number, unit) = text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    );
    let factor = match unit.trim() {
        "MB" | "M" | "MIB" => 1 << 20,
        "GB" | "G" | "GIB" => 1 << 30,
        _ => 0,
    };
    let bytes = number
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_mul(factor));
    bytes
        .filter(|bytes| *bytes >= LEAST_MEMORY)
        .ok_or_else(|| "say a number with MB or GB, at least 64MB, for example 512MB".to_owned())
}

fn start_logs(filter: &str, json: bool) {
    // Opening a warehouse for the first time is no error, whatever the Delta kernel
    // says; and the statements of a slow import hold people's data.
    let filter = format!("{filter},buoyant_kernel=off,sqlx=error");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    let logs = fmt::layer().with_writer(std::io::stderr);
    let logs = if json {
        logs.json().boxed()
    } else {
        logs.boxed()
    };
    let slow = SlowStatements.with_filter(Targets::new().with_target("sqlx::query", Level::WARN));
    tracing_subscriber::registry()
        .with(logs.with_filter(filter))
        .with(slow)
        .init();
}

fn report(error: &Error, json: bool) {
    let problem = error.to_problem();
    if json {
        say(format_args!("{}", serde_json::json!({ "error": problem })));
    }
    match error {
        Error::Problem(_) => warn(format_args!("clientele: {}", problem.detail)),
        failure => warn(format_args!("clientele: {failure:#}")),
    }
}

/// The refusal of a file that was to be written and cannot be.
pub fn not_writable(path: &Path, error: &std::io::Error) -> Error {
    let path = path.display().to_string();
    let detail = format!("{path} cannot be written: {error}. Give another file.");
    Error::problem(
        StatusCode::UNPROCESSABLE_ENTITY,
        "file_not_writable",
        detail,
    )
    .with("path", path)
    .with("reason", error.to_string())
}

/// Writes a line for people or programs to standard output; a reader who has
/// seen enough, such as `head`, is no failure.
pub fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line to standard error.
#[expect(
    clippy::print_stderr,
    reason = "the command line complains on standard error"
)]
pub fn warn(line: std::fmt::Arguments<'_>) {
    eprintln!("{line}");
}

/// Prints a result: JSON when asked for, else one `name: value` a line.
pub fn print_result(global: &Global, result: &impl Serialize) {
    let value = serde_json::to_value(result).expect("results are plain data");
    if global.json {
        say(format_args!("{value}"));
        return;
    }
    let Some(fields) = value.as_object() else {
        return say(format_args!("{value}"));
    };
    for (name, value) in fields {
        match value {
            serde_json::Value::String(text) => say(format_args!("{name}: {text}")),
            serde_json::Value::Object(inner) => {
                for (key, value) in inner {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    say(format_args!("{name} {key}: {text}"));
                }
            }
            other => say(format_args!("{name}: {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_a_number_of_megabytes_or_gigabytes() {
        for (text, expected) in [
            ("512MB", 512 << 20),
            ("1GB", 1 << 30),
            (" 2 gib ", 2 << 30),
            ("64m", 64 << 20),
        ] {
            assert_eq!(memory(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "1",
            "63MB",
            "-1GB",
            "1.5GB",
            "GB",
            "99999999999999GB",
            "4TB",
        ] {
            assert!(memory(text).is_err(), "{text}");
        }
    }
}
