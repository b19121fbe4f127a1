//! Opening, resolving and ending sessions.

use std::sync::Arc;

use axum::http::StatusCode;
use clientele_domain::id::{SessionId, UserId};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::{
    entity::session,
    second_factor,
    tries::{self, Try},
};
use crate::{
    access::Access,
    app::App,
    ctx::{Ctx, secret_hash},
    db::Tx,
    error::{Error, Result},
    features::users,
};

/// How long a session lasts.
pub(super) const LIFETIME_S: i64 = 14 * 24 * 3600;

/// Checks a password, and a code where the account asks for one, and opens a session;
/// answers who acts now, and its secret.
pub(super) async fn sign_in(
    app: &App,
    ctx: &Ctx,
    (email, password): (&str, &str),
    code: Option<&str>,
    user_agent: &str,
) -> Result<(Ctx, String)> {
    let begun = tries::begin(app, ctx, email).await?;
    let user = users::by_email(&app.db, email)
        .await?
        .filter(|user| user.active);
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let fits = users::verify_password(app, password, hash).await?;
    let Some(user) = user.filter(|_| fits) else {
        note_failure(app, ctx, 0, "password").await?;
        return Err(Error::problem(
            StatusCode::UNAUTHORIZED,
            "sign_in_failed",
            "E-mail address or password is wrong.",
        ));
    };
    let as_user = users::acting(app, ctx, &user).await?;
    check_code(app, &as_user, code, begun).await?;
    let secret = open(app, &as_user, UserId(user.id), user_agent).await?;
    Ok((as_user, secret))
}

/// Ends a try well when the code fits, or when the actor needs none.
///
/// # Errors
/// `code_needed`, which is no failed try, or `code_wrong`.
pub(super) async fn check_code(app: &App, ctx: &Ctx, code: Option<&str>, begun: Try) -> Result<()> {
    let checked = match code.map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => second_factor::check(app, ctx, code).await,
        None => second_factor::refuse_without(app, ctx).await,
    };
    match &checked {
        Err(error) if error.code() == "code_wrong" => {
            note_failure(app, ctx, ctx.actor_id(), "code").await?;
        }
        _ => tries::forgive(app, ctx, begun).await?,
    }
    checked
}

/// Makes sure that it is the actor who asks, and not somebody at a screen they left open.
///
/// # Errors
/// `password_wrong` or `too_many_tries`.
pub(super) async fn check_own_password(app: &App, ctx: &Ctx, password: &str) -> Result<()> {
    let user = users::by_id(app.db.read(), UserId(ctx.actor_id())).await?;
    let user = user.ok_or_else(Error::not_signed_in)?;
    let begun = tries::begin(app, ctx, &user.email).await?;
    if !users::verify_password(app, password, Some(user.password_hash)).await? {
        note_failure(app, ctx, user.id, "password").await?;
        let detail = "This is not your password.";
        return Err(Error::invalid("password", "password_wrong", detail));
    }
    tries::forgive(app, ctx, begun).await
}

/// Takes the actor's new password; every session, token and link of theirs ends. Answers
/// the secret of a new session.
///
/// # Errors
/// `password_wrong`, `too_many_tries`, or when the new one does not fit.
pub(super) async fn change_password(
    app: &App,
    ctx: &Ctx,
    password: &str,
    new_password: &str,
    user_agent: &str,
) -> Result<String> {
    check_own_password(app, ctx, password).await?;
    let hashed = users::hash_password(app, new_password).await;
    let hash = hashed.map_err(|error| error.at("new_password"))?;
    let id = UserId(ctx.actor_id());
    let changed = app.db.write(ctx, move |tx| {
        let hash = hash.clone();
        Box::pin(async move { users::set_password(tx, id, &hash).await })
    });
    changed.await?;
    open(app, ctx, id, user_agent).await
}

/// Opens a session for somebody who has just proved who they are.
pub(super) async fn open(app: &App, ctx: &Ctx, user: UserId, user_agent: &str) -> Result<String> {
    let secret = app.env.secret(32);
    let hash = secret_hash(&secret);
    let user_agent: String = user_agent.chars().take(200).collect();
    app.db
        .write(ctx, move |tx| {
            let (hash, user_agent) = (hash.clone(), user_agent.clone());
            Box::pin(async move {
                let now = tx.ctx().now_micros();
                let row = session::ActiveModel {
                    token_hash: Set(hash),
                    user_id: Set(user.0),
                    created_at: Set(now),
                    expires_at: Set(now + LIFETIME_S * 1_000_000),
                    user_agent: Set(user_agent),
                    id: Set(tx.ctx().next_id()),
                    address: Set(tx.ctx().address.clone()),
                };
                session::Entity::insert(row)
                    .exec_without_returning(tx.conn())
                    .await?;
                session::Entity::delete_many()
                    .filter(session::Column::ExpiresAt.lt(now))
                    .exec(tx.conn())
                    .await?;
                tx.audit("sign_in", "user", user.0, json!({}));
                Ok(())
            })
        })
        .await?;
    Ok(secret)
}

/// The person behind a session cookie with what they may do, or nobody when it has
/// ended.
///
/// # Errors
/// When the book fails.
pub async fn caller_of(app: &App, secret: &str) -> Result<Option<(UserId, Arc<Access>)>> {
    let to_user = session::Entity::belongs_to(users::entity::Entity)
        .from(session::Column::UserId)
        .to(users::entity::Column::Id);
    let found = session::Entity::find_by_id(secret_hash(secret))
        .join(JoinType::LeftJoin, to_user.into())
        .select_also(users::entity::Entity);
    let reader = app.db.reader().await?;
    let asked = async {
        let version = async { users::access_version(&reader).await };
        tokio::try_join!(async { Ok(found.one(&reader).await?) }, version)
    };
    let (found, version) = reader.together(asked).await?;
    let Some((row, user)) = found else {
        return Ok(None);
    };
    if row.expires_at <= app.env.now().as_microsecond() {
        drop(reader);
        // A clock that steps back must not bring it to life again.
        forget(app, row.token_hash).await?;
        return Ok(None);
    }
    let Some(user) = user.filter(|user| user.active) else {
        return Ok(None);
    };
    let access = app.access.of(&reader, &user, version).await?;
    Ok(Some((UserId(user.id), access)))
}

async fn forget(app: &App, token_hash: String) -> Result<()> {
    app.db
        .write(&app.system_ctx(), move |tx| {
            let token_hash = token_hash.clone();
            Box::pin(async move {
                session::Entity::delete_by_id(token_hash)
                    .exec(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
}

/// The sessions of the actor that have not ended, the newest first.
pub(super) async fn own(app: &App, ctx: &Ctx) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::UserId.eq(ctx.actor_id()))
        .filter(session::Column::ExpiresAt.gt(ctx.now_micros()))
        .order_by_desc(session::Column::CreatedAt)
        .all(app.db.read())
        .await?)
}

/// Ends one session of the actor.
///
/// # Errors
/// `not_found` when it is nobody's, or somebody else's.
pub(super) async fn end_one(tx: &Tx, id: SessionId) -> Result<()> {
    let outcome = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::UserId.eq(tx.ctx().actor_id()))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::not_found("session"));
    }
    tx.audit("end_session", "user", tx.ctx().actor_id(), json!({}));
    Ok(())
}

/// Ends the session of one browser.
pub(super) async fn end(tx: &Tx, secret: &str) -> Result<()> {
    session::Entity::delete_by_id(secret_hash(secret))
        .exec(tx.conn())
        .await?;
    tx.audit("sign_out", "user", tx.ctx().actor_id(), json!({}));
    Ok(())
}

/// Tells the audit log of a wrong password or code; `user` is 0 where nobody is known.
async fn note_failure(app: &App, ctx: &Ctx, user: i64, what: &'static str) -> Result<()> {
    app.db
        .write(ctx, move |tx| {
            Box::pin(async move {
                tx.audit("sign_in_failed", "user", user, json!({ "wrong": what }));
                Ok(())
            })
        })
        .await
}
