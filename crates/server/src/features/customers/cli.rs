//! `clientele export …`.

use std::{
    io::Write,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};

use clap::{Args, ValueEnum};
use futures::FutureExt;
use serde_json::json;

use super::{
    export::{write_customers, write_orders},
    list::{CustomerQuery, Sort},
};
use crate::{
    access::Scope,
    app::App,
    cli::{Global, not_writable, print_result},
    error::{Error, Result},
    export::Format,
};

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Noun {
    /// One row a customer, with every figure and grade.
    Customers,
    /// One row an order, refund or adjustment.
    Orders,
}

/// What to export, and how.
#[derive(Args)]
pub struct ExportArgs {
    /// Customers or orders.
    noun: Noun,
    /// The format of the file.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// The file to write; standard output unless given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Leave texts that begin like a formula as they are, for programs to read.
    #[arg(long)]
    lossless: bool,
}

/// Runs `clientele export`.
///
/// # Errors
/// `file_not_writable`, or when the book or the disk fails.
pub async fn export(app: App, global: &Global, args: ExportArgs) -> Result<ExitCode> {
    let target: Box<dyn Write + Send> = match &args.out {
        Some(path) => {
            let file = std::fs::File::create(path).map_err(|error| not_writable(path, &error))?;
            Box::new(std::io::BufWriter::new(file))
        }
        None => Box::new(std::io::stdout()),
    };
    let target = Arc::new(Mutex::new(target));
    let into = target.clone();
    let mut sink = move |bytes: Vec<u8>| {
        let written = into
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(&bytes);
        async move { written.map(|()| true).map_err(Error::from) }.boxed()
    };
    let options = (args.format, args.lossless);
    let rows = match args.noun {
        Noun::Customers => {
            let filter = CustomerQuery::default().filter()?;
            write_customers(
                &app,
                &Scope::All,
                &filter,
                Sort::by_number(),
                options,
                &mut sink,
            )
            .await?
        }
        Noun::Orders => write_orders(&app, &Scope::All, options, &mut sink).await?,
    };
    target
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .flush()?;
    note(&app, &args, rows).await?;
    if let Some(path) = &args.out {
        print_result(
            global,
            &json!({ "file": path.display().to_string(), "rows": rows }),
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn note(app: &App, args: &ExportArgs, rows: u64) -> Result<()> {
    let noun = match args.noun {
        Noun::Customers => "customer",
        Noun::Orders => "order",
    };
    let detail = json!({
        "format": args.format.extension(),
        "lossless": args.lossless,
        "rows": rows,
        "complete": true,
    });
    app.db
        .write(&app.system_ctx(), move |tx| {
            let detail = detail.clone();
            Box::pin(async move {
                tx.audit("export", noun, 0, detail);
                Ok(())
            })
        })
        .await
}
