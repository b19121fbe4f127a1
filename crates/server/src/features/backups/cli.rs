//! `clientele backup` and `clientele restore`.

use std::{path::PathBuf, process::ExitCode, str::FromStr};

use age::x25519::Recipient;
use clap::Args;
use serde_json::json;

use super::{Keeping, make::BackupInput, restore::restore};
use crate::{
    app::{App, Config},
    cli::{Global, print_result, say, submit},
    ctx::Env,
    error::Result,
    jobs::JobKind,
};

/// Where backups are kept.
#[derive(Args, Default)]
pub struct BackupArgs {
    /// Keep backups in this folder, best on another disk; the server makes one every night.
    #[arg(long, env = "CLIENTELE_BACKUPS", value_name = "FOLDER")]
    backups: Option<PathBuf>,
    /// Encrypt backups for whoever has the secret key of this public key of age; several
    /// are separated by commas.
    #[arg(
        long,
        env = "CLIENTELE_BACKUP_RECIPIENT",
        value_name = "age1…",
        value_delimiter = ',',
        value_parser = recipient
    )]
    backup_recipient: Vec<Recipient>,
    #[command(flatten)]
    key: KeyArgs,
}

/// What opens encrypted backups.
#[derive(Args, Default)]
pub struct KeyArgs {
    /// The file with the secret key that opens encrypted backups.
    #[arg(long, env = "CLIENTELE_BACKUP_IDENTITY", value_name = "FILE")]
    backup_identity: Option<PathBuf>,
}

/// Options of `restore`.
#[derive(Args)]
pub struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
}

impl BackupArgs {
    /// What was said, if a folder was named.
    pub fn keeping(self) -> Option<Keeping> {
        Some(Keeping {
            folder: self.backups?,
            recipients: self.backup_recipient,
            identity: self.key.backup_identity,
        })
    }
}

/// Runs `clientele backup`.
///
/// # Errors
/// What the job answers.
pub async fn backup(app: App, global: &Global) -> Result<ExitCode> {
    let output = submit(&app, global, JobKind::Backup, BackupInput::default()).await?;
    print_result(global, &output);
    Ok(ExitCode::SUCCESS)
}

/// Runs `clientele restore`: exit code 3 when something in it is not as it must be.
///
/// # Errors
/// What [`restore`] answers.
pub async fn run_restore(config: Config, global: &Global, args: RestoreArgs) -> Result<ExitCode> {
    let keeping = Keeping {
        identity: args.key.backup_identity,
        ..Keeping::default()
    };
    let restored = restore(&args.file, &keeping, config, Env::system()).await?;
    let (manifest, findings) = (&restored.manifest, &restored.findings);
    if global.json {
        let made = &manifest.book.audit.at;
        print_result(global, &json!({ "made_at": made, "findings": findings }));
    } else {
        for finding in findings.check.findings.iter().filter(|finding| !finding.ok) {
            say(format_args!("BAD {}: {}", finding.name, finding.detail));
        }
        if !findings.audit_ok {
            say(format_args!("BAD audit: run `clientele audit verify`"));
        }
        say(format_args!("made at: {}", manifest.book.audit.at));
        say(format_args!("rows: {}", findings.rows));
        say(format_args!(
            "{}",
            if findings.ok {
                "everything is as it was; everybody signs in again"
            } else {
                "something differs"
            }
        ));
    }
    Ok(if findings.ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}

fn recipient(text: &str) -> std::result::Result<Recipient, String> {
    Recipient::from_str(text.trim())
        .map_err(|error| format!("{error}; it begins with age1 and comes from age-keygen"))
}
