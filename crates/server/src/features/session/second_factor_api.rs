//! One's own second factor over HTTP.

use axum::{Json, extract::State, http::StatusCode};
use clientele_domain::id::UserId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{actions, second_factor};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Error, Problem, Result},
    features::{settings, users},
    http::{JsonBody, instant},
};

/// How one's own second factor stands.
#[derive(Serialize, utoipa::ToSchema)]
struct SecondFactor {
    /// Since when signing in takes a code, if it does.
    since: Option<String>,
    /// Recovery codes that were not used yet.
    recovery_codes: u64,
}

/// The password of whoever is signed in, once more.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnPassword {
    password: String,
}

/// What an app needs to make codes.
#[derive(Serialize, utoipa::ToSchema)]
struct AppSecret {
    /// To be typed, in base 32.
    secret: String,
    /// To be shown as a QR code (`otpauth:`).
    url: String,
}

/// A code that the app shows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmSecondFactor {
    code: String,
}

/// What lets one in without the app, once each.
#[derive(Serialize, utoipa::ToSchema)]
struct RecoveryCodes {
    /// They are told this one time only.
    codes: Vec<String>,
}

/// Tells how one's own second factor stands.
#[utoipa::path(get, path = "/session/second-factor", tag = "session",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, body = SecondFactor)))]
async fn get_second_factor(State(app): State<App>, ctx: Ctx) -> Result<Json<SecondFactor>> {
    let state = second_factor::state(app.db.read(), UserId(ctx.actor_id())).await?;
    Ok(Json(SecondFactor {
        since: state.since.map(instant),
        recovery_codes: state.recovery_codes,
    }))
}

/// Makes a secret for an app; it counts once the app has made a code.
#[utoipa::path(post, path = "/session/second-factor", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = OwnPassword,
    responses((status = 201, body = AppSecret), (status = 409, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn begin_second_factor(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<OwnPassword>,
) -> Result<(StatusCode, Json<AppSecret>)> {
    actions::check_own_password(&app, &ctx, &body.password).await?;
    let user = users::by_id(app.db.read(), UserId(ctx.actor_id())).await?;
    let user = user.ok_or_else(Error::not_signed_in)?;
    let chain = settings::load(app.db.read()).await?.chain_name;
    let secret = second_factor::begin(&app, &ctx).await?;
    let url = otpauth(&chain, &user.email, &secret);
    Ok((StatusCode::CREATED, Json(AppSecret { secret, url })))
}

/// Turns one's own second factor on with the first code of the app.
#[utoipa::path(post, path = "/session/second-factor/confirm", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = ConfirmSecondFactor,
    responses((status = 200, body = RecoveryCodes), (status = 401, body = Problem),
        (status = 409, body = Problem)))]
async fn confirm_second_factor(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<ConfirmSecondFactor>,
) -> Result<Json<RecoveryCodes>> {
    let codes = second_factor::confirm(&app, &ctx, &body.code).await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// Turns one's own second factor off.
#[utoipa::path(post, path = "/session/second-factor/off", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = OwnPassword,
    responses((status = 204), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn turn_off_second_factor(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<OwnPassword>,
) -> Result<StatusCode> {
    actions::check_own_password(&app, &ctx, &body.password).await?;
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move { second_factor::turn_off(tx).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes recovery codes in place of one's old ones.
#[utoipa::path(post, path = "/session/recovery-codes", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = OwnPassword,
    responses((status = 200, body = RecoveryCodes), (status = 409, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn make_recovery_codes(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<OwnPassword>,
) -> Result<Json<RecoveryCodes>> {
    actions::check_own_password(&app, &ctx, &body.password).await?;
    let codes = second_factor::new_codes(&app, &ctx).await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// The key URI that apps read from a QR code.
fn otpauth(chain: &str, email: &str, secret: &str) -> String {
    // A colon parts the issuer from the account.
    let issuer = match chain.replace(':', " ").trim() {
        "" => "Clientele".to_owned(),
        chain => chain.to_owned(),
    };
    let issuer = utf8_percent_encode(&issuer, NON_ALPHANUMERIC);
    let account = utf8_percent_encode(email, NON_ALPHANUMERIC);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// Routes of one's own second factor.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_second_factor, begin_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(turn_off_second_factor))
        .routes(routes!(make_recovery_codes))
}
