//! `clientele serve`.

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::{say, warn};
use crate::{
    app::App,
    error::{Error, Result},
    features::{self, backups::cli::BackupArgs},
    http, jobs,
    observe::Telemetry,
};

/// Options of `serve`.
#[derive(Args)]
pub(super) struct ServeArgs {
    /// Address and port; port 0 takes a free one.
    #[arg(long, env = "CLIENTELE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// A collector of OpenTelemetry traces that takes OTLP over HTTP, such as
    /// http://127.0.0.1:4318.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    otlp: Option<String>,
    #[command(flatten)]
    pub(super) backups: BackupArgs,
}

/// Serves until the process is asked to end.
pub(super) async fn serve(app: App, args: ServeArgs) -> Result<ExitCode> {
    if !app.is_worker() {
        let detail = "Another clientele process works on this data folder. Stop it first.";
        return Err(Error::conflict("data_folder_in_use", detail));
    }
    if let Some(collector) = &args.otlp {
        let telemetry = Telemetry::to(collector)?;
        app.telemetry.get_or_init(|| telemetry);
    }
    let listener = TcpListener::bind(&args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    jobs::recover(&app).await?;
    let workers = [
        tokio::spawn(jobs::run_forever(app.clone())),
        tokio::spawn(features::warehouse::follow_feed(app.clone())),
        tokio::spawn(features::customers::follow_book(app.clone())),
        tokio::spawn(features::grades::keep_schedule(app.clone())),
        tokio::spawn(features::audit::keep_anchoring(app.clone())),
        tokio::spawn(features::backups::keep_schedule(app.clone())),
    ];
    // Before anybody knows that it listens, and may want it to end.
    let asked_to_end = asked_to_end()?;
    say(format_args!("listening on http://{address}"));
    let outcome = http::serve(listener, http::router(app.clone()), asked_to_end).await;
    for worker in workers {
        // A job in the middle goes on at the next start from its last commit.
        worker.abort();
    }
    let ending = tokio::task::spawn_blocking(move || {
        if let Some(telemetry) = app.telemetry.get() {
            telemetry.finish();
        }
    });
    ending.await.context("sending the last traces")?;
    warn(format_args!("clientele: ended"));
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Listens to Ctrl-C and SIGTERM from now on; what it answers resolves at the first.
fn asked_to_end() -> Result<impl Future<Output = ()>> {
    let listen = |kind| signal(kind).context("cannot listen to the signals that end the program");
    let (mut interrupt, mut terminate) = (
        listen(SignalKind::interrupt())?,
        listen(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
