//! A second factor: codes of an app (TOTP, RFC 6238: SHA-1, six digits, thirty seconds),
//! and recovery codes for somebody who has lost it.

use anyhow::Context;
use axum::http::StatusCode;
use clientele_domain::{id::UserId, text::narrow};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set,
    sea_query::OnConflict,
};
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::entity::{recovery_code, second_factor};
use crate::{
    app::App,
    ctx::{Ctx, Env, secret_hash},
    db::{Tx, What, insert_all},
    error::{Error, Result},
};

/// Bytes of an app's secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Recovery codes made at a time.
const CODES: usize = 10;
/// Bytes of a recovery code: too many to try, even for who has their hashes.
const CODE: usize = 10;

/// How somebody's second factor stands.
pub(super) struct State {
    /// Since when it counts, if it does.
    pub since: Option<i64>,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u64,
}

pub(super) async fn state(connection: &impl ConnectionTrait, id: UserId) -> Result<State> {
    let factor = confirmed(connection, id).await?;
    let codes = recovery_code::Entity::find()
        .filter(recovery_code::Column::UserId.eq(id.0))
        .count(connection)
        .await?;
    Ok(State {
        since: factor.and_then(|factor| factor.confirmed_at),
        recovery_codes: codes,
    })
}

/// Makes a new secret for the actor's app, which counts from its first code on. Answers it
/// as the app takes it.
///
/// # Errors
/// `second_factor_on` where one counts already.
pub(super) async fn begin(app: &App, ctx: &Ctx) -> Result<String> {
    let id = ctx.actor_id();
    let secret: [u8; SECRET] = ctx.env.random();
    let sealed = app.key.seal(&ctx.env, &place(id), &secret)?;
    let begun = app.db.write(ctx, move |tx| {
        let sealed = sealed.clone();
        Box::pin(async move {
            if confirmed(tx.conn(), UserId(id)).await?.is_some() {
                let detail = "A second factor is on already. Turn it off first.";
                return Err(Error::conflict("second_factor_on", detail));
            }
            let row = second_factor::ActiveModel {
                user_id: Set(id),
                sealed_secret: Set(sealed),
                confirmed_at: Set(None),
                last_step: Set(0),
                created_at: Set(tx.ctx().now_micros()),
            };
            let columns = [
                second_factor::Column::SealedSecret,
                second_factor::Column::LastStep,
                second_factor::Column::CreatedAt,
            ];
            let newest = OnConflict::column(second_factor::Column::UserId)
                .update_columns(columns)
                .to_owned();
            second_factor::Entity::insert(row)
                .on_conflict(newest)
                .exec_without_returning(tx.conn())
                .await?;
            Ok(())
        })
    });
    begun.await?;
    Ok(Secret::new(secret.into()).to_base32())
}

/// Lets the actor's second factor count from now on, because their app has made a code.
/// Answers their recovery codes, which are told this one time only.
///
/// # Errors
/// `second_factor_off` where nothing was begun, `second_factor_on`, `code_wrong`.
pub(super) async fn confirm(app: &App, ctx: &Ctx, code: &str) -> Result<Vec<String>> {
    let id = ctx.actor_id();
    let factor = second_factor::Entity::find_by_id(id)
        .one(app.db.read())
        .await?;
    let factor = factor.ok_or_else(off)?;
    if factor.confirmed_at.is_some() {
        let detail = "A second factor is on already.";
        return Err(Error::conflict("second_factor_on", detail));
    }
    let step = step_of(app, ctx, &factor, code)?.ok_or_else(code_wrong)?;
    let codes = fresh_codes(&ctx.env);
    let confirmed = app.db.write(ctx, {
        let codes = codes.clone();
        move |tx| {
            let (codes, sealed) = (codes.clone(), factor.sealed_secret.clone());
            Box::pin(async move {
                let row = second_factor::ActiveModel {
                    confirmed_at: Set(Some(tx.ctx().now_micros())),
                    last_step: Set(step),
                    ..Default::default()
                };
                let outcome = second_factor::Entity::update_many()
                    .set(row)
                    .filter(second_factor::Column::UserId.eq(id))
                    // Begun anew meanwhile, it is another secret.
                    .filter(second_factor::Column::SealedSecret.eq(sealed))
                    .filter(second_factor::Column::ConfirmedAt.is_null())
                    .exec(tx.conn())
                    .await?;
                if outcome.rows_affected == 0 {
                    return Err(code_wrong());
                }
                keep_codes(tx, id, &codes).await?;
                tx.changed("user", id, What::Updated);
                tx.audit("turn_on_second_factor", "user", id, json!({}));
                Ok(())
            })
        }
    });
    confirmed.await?;
    Ok(codes)
}

/// Turns the actor's second factor off.
pub(super) async fn turn_off(tx: &Tx) -> Result<()> {
    let id = tx.ctx().actor_id();
    let outcome = second_factor::Entity::delete_by_id(id)
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Ok(());
    }
    forget_codes(tx, id).await?;
    tx.changed("user", id, What::Updated);
    tx.audit("turn_off_second_factor", "user", id, json!({}));
    Ok(())
}

/// Makes recovery codes in place of the actor's old ones.
///
/// # Errors
/// `second_factor_off`.
pub(super) async fn new_codes(app: &App, ctx: &Ctx) -> Result<Vec<String>> {
    let codes = fresh_codes(&ctx.env);
    let kept = app.db.write(ctx, {
        let codes = codes.clone();
        move |tx| {
            let codes = codes.clone();
            Box::pin(async move {
                let id = tx.ctx().actor_id();
                confirmed(tx.conn(), UserId(id)).await?.ok_or_else(off)?;
                keep_codes(tx, id, &codes).await?;
                tx.audit("make_recovery_codes", "user", id, json!({}));
                Ok(())
            })
        }
    });
    kept.await?;
    Ok(codes)
}

/// Refuses where the actor must give a code.
///
/// # Errors
/// `code_needed`.
pub(super) async fn refuse_without(app: &App, ctx: &Ctx) -> Result<()> {
    match confirmed(app.db.read(), UserId(ctx.actor_id())).await? {
        None => Ok(()),
        Some(_) => Err(Error::problem(
            StatusCode::UNAUTHORIZED,
            "code_needed",
            "Enter the code of your app, or a recovery code.",
        )),
    }
}

/// Takes a code of the actor's app or a recovery code, which lets nobody in again. Who has
/// no second factor may give any.
///
/// # Errors
/// `code_wrong`, also for a code that was taken before.
pub(super) async fn check(app: &App, ctx: &Ctx, code: &str) -> Result<()> {
    let id = ctx.actor_id();
    let Some(factor) = confirmed(app.db.read(), UserId(id)).await? else {
        return Ok(());
    };
    let step = step_of(app, ctx, &factor, code)?;
    let code = spelled(code);
    let taken = app.db.write(ctx, move |tx| {
        let hash = secret_hash(&code);
        Box::pin(async move {
            let Some(step) = step else {
                let used = recovery_code::Entity::delete_by_id((id, hash))
                    .exec(tx.conn())
                    .await?;
                if used.rows_affected == 1 {
                    tx.audit("use_recovery_code", "user", id, json!({}));
                }
                return Ok(used.rows_affected == 1);
            };
            let row = second_factor::ActiveModel {
                last_step: Set(step),
                ..Default::default()
            };
            let taken = second_factor::Entity::update_many()
                .set(row)
                .filter(second_factor::Column::UserId.eq(id))
                .filter(second_factor::Column::LastStep.lt(step))
                .exec(tx.conn())
                .await?;
            Ok(taken.rows_affected == 1)
        })
    });
    match taken.await? {
        true => Ok(()),
        false => Err(code_wrong()),
    }
}

/// The step whose code it is, now or one before or after.
fn step_of(app: &App, ctx: &Ctx, factor: &second_factor::Model, code: &str) -> Result<Option<i64>> {
    let opened = app
        .key
        .open(&place(factor.user_id), &factor.sealed_secret)?;
    let Some(secret) = opened else {
        tracing::warn!("a second factor was sealed with another key than the one of --key");
        return Ok(None);
    };
    let totp: Totp = Builder::new()
        .with_secret(secret)
        .build()
        .context("a second factor of the book is none")?;
    let digits: String = narrow(code)
        .chars()
        .filter(|digit| !digit.is_whitespace())
        .collect();
    let now = u64::try_from(ctx.now().as_second()).unwrap_or(0);
    let step = totp.check(&digits, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

async fn confirmed(
    connection: &impl ConnectionTrait,
    id: UserId,
) -> Result<Option<second_factor::Model>> {
    let factor = second_factor::Entity::find_by_id(id.0)
        .one(connection)
        .await?;
    Ok(factor.filter(|factor| factor.confirmed_at.is_some()))
}

async fn keep_codes(tx: &Tx, id: i64, codes: &[String]) -> Result<()> {
    forget_codes(tx, id).await?;
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        user_id: Set(id),
        code_hash: Set(secret_hash(&spelled(code))),
    });
    insert_all::<recovery_code::Entity, _>(tx.conn(), rows).await
}

async fn forget_codes(tx: &Tx, id: i64) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// `abcd-efgh-ijkl-mnop`, of letters and digits that are not taken for one another.
fn fresh_codes(env: &Env) -> Vec<String> {
    let code = || {
        let bytes: [u8; CODE] = env.random();
        let text = Secret::new(bytes.into()).to_base32().to_lowercase();
        let parts = [&text[..4], &text[4..8], &text[8..12], &text[12..16]];
        parts.join("-")
    };
    (0..CODES).map(|_| code()).collect()
}

/// A recovery code however it was written down.
fn spelled(code: &str) -> String {
    let mut code = narrow(code);
    code.retain(|letter| letter.is_ascii_alphanumeric());
    code.to_ascii_lowercase()
}

/// What a secret is sealed for.
fn place(user: i64) -> String {
    format!("second factor of {user}")
}

fn off() -> Error {
    let detail = "There is no second factor. Set one up first.";
    Error::conflict("second_factor_off", detail)
}

fn code_wrong() -> Error {
    let detail = "This code is wrong or was used already. Wait for the next one.";
    Error::problem(StatusCode::UNAUTHORIZED, "code_wrong", detail).at("code")
}
