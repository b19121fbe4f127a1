//! `clientele audit …`.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

use super::{Global, print_result, say};
use crate::{
    app::App,
    db::chain::{self, Tampering},
    error::Result,
    features::audit,
};

/// What can be done with the audit log.
#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Show whether anybody edited, removed, added or moved entries; ends with 1 if so.
    Verify {
        /// Anchors that were kept elsewhere, one JSON object a line; those in the data
        /// folder unless told otherwise.
        #[arg(long, value_name = "FILE")]
        anchors: Option<PathBuf>,
    },
    /// Print the head of the log, to be kept elsewhere as an anchor.
    Anchor,
}

pub(super) async fn run(app: App, global: &Global, command: AuditCommand) -> Result<ExitCode> {
    let anchors = match command {
        AuditCommand::Verify { anchors } => audit::read_anchors(&app, anchors)?,
        AuditCommand::Anchor => {
            let (seq, hash) = chain::last(app.db.read()).await?;
            let at = app.env.now().to_string();
            let anchor = serde_json::to_string(&chain::Anchor { at, seq, hash })?;
            say(format_args!("{anchor}"));
            return Ok(ExitCode::SUCCESS);
        }
    };
    let verdict = chain::verify(app.db.read(), &anchors).await?;
    let is_sound = verdict.tampering.is_empty();
    if global.json {
        print_result(global, &verdict);
    } else {
        let (seq, hash) = &verdict.head;
        let kept = anchors.len();
        say(format_args!("entries: {}", verdict.entries));
        say(format_args!("head: {seq} {hash}"));
        say(format_args!("anchors: {kept}"));
        for one in &verdict.tampering {
            say(format_args!("{}", described(one)));
        }
        if is_sound {
            say(format_args!("nobody tampered with the audit log"));
        }
    }
    Ok(if is_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn described(tampering: &Tampering) -> String {
    match tampering {
        Tampering::Changed { seq } => {
            format!("entry {seq} is not what was written: it was edited, added or moved")
        }
        Tampering::Missing { from, to } => format!("entries {from} to {to} are missing"),
        Tampering::Anchor { seq } => {
            format!("entry {seq} is not the one that was anchored: the log was cut or rewritten")
        }
    }
}
