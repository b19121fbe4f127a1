//! `clientele user …`.

use std::{io::Read, process::ExitCode};

use clap::Subcommand;
use clientele_domain::id::UserId;
use serde_json::json;

use super::{Global, print_result};
use crate::{
    app::App,
    error::{Error, Result},
    features::users::{self, NewUser, Place},
};

/// What can be done with people.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Add a person; the password is read from standard input.
    Add {
        /// E-mail address to sign in with.
        email: String,
        /// Name; the part before the @ when left out.
        #[arg(long)]
        name: Option<String>,
        /// Language of the screens.
        #[arg(long, default_value = "en", value_parser = ["en", "zh"])]
        language: String,
        /// Key of a built-in role or id of an own one; may be repeated.
        #[arg(long = "role", default_value = "administrator")]
        roles: Vec<String>,
    },
    /// Take the second factor of somebody who has lost it; their password alone lets them in.
    ResetCode {
        /// E-mail address they sign in with.
        email: String,
    },
}

pub(super) async fn run(app: App, global: &Global, command: UserCommand) -> Result<ExitCode> {
    let (email, name, language, roles) = match command {
        UserCommand::ResetCode { email } => return reset_code(&app, global, &email).await,
        UserCommand::Add {
            email,
            name,
            language,
            roles,
        } => (email, name, language, roles),
    };
    let mut password = String::new();
    std::io::stdin().take(4096).read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        let detail = "Give the password on standard input: clientele user add EMAIL < FILE.";
        return Err(Error::invalid("password", "password_missing", detail));
    }
    let new = NewUser {
        name: name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned()),
        password_hash: users::hash_password(&app, password).await?,
        email,
        language,
        roles: roles.into_iter().collect(),
        place: Place::default(),
    };
    let id = app
        .db
        .write(&app.system_ctx(), move |tx| {
            let new = new.clone();
            Box::pin(async move { users::create(tx, &new).await })
        })
        .await?;
    print_result(global, &json!({ "id": id }));
    Ok(ExitCode::SUCCESS)
}

async fn reset_code(app: &App, global: &Global, email: &str) -> Result<ExitCode> {
    let user = users::by_email(&app.db, email).await?;
    let id = UserId(user.ok_or_else(|| Error::not_found("user"))?.id);
    app.db
        .write(&app.system_ctx(), move |tx| {
            Box::pin(async move { users::reset_second_factor(tx, id).await })
        })
        .await?;
    print_result(global, &json!({ "id": id }));
    Ok(ExitCode::SUCCESS)
}
