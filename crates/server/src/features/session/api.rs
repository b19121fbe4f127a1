//! First run and sessions over HTTP.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{AppendHeaders, IntoResponse},
};
use clientele_domain::id::{SessionId, StoreId, UnitId, UserId};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{actions, entity::session, second_factor_api, tries};
use crate::{
    app::App,
    ctx::{Ctx, secret_hash},
    error::{Error, Problem, Result},
    features::{
        roles::ADMINISTRATOR,
        settings::{self, Settings},
        tiers,
        users::{self, NewUser, Place},
    },
    http::{
        JsonBody, List, UrlPath, clear_session_cookie, client_address, instant, session_cookie,
    },
};

/// Where a request came from.
struct Client {
    address: String,
    user_agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let user_agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok(Client {
            address: client_address(&parts.extensions),
            user_agent,
        })
    }
}

/// Who is signed in, where, and with which rights.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Session {
    user: SessionUser,
    chain: Chain,
    /// Names of the permissions held.
    permissions: Vec<&'static str>,
}

/// The person signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct SessionUser {
    id: UserId,
    name: String,
    email: String,
    /// Keys of built-in roles and ids of own ones.
    roles: BTreeSet<String>,
    /// The store they work in.
    store_id: Option<StoreId>,
    /// The part of the organisation they work in.
    unit_id: Option<UnitId>,
    /// `en` or `zh`.
    language: String,
}

/// What every screen needs to know of the chain.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Chain {
    name: String,
    /// ISO 4217; empty until the first orders or the settings decide.
    reporting_currency: String,
    /// IANA name.
    time_zone: String,
}

/// Whether the program waits for its first administrator.
#[derive(Serialize, utoipa::ToSchema)]
struct Setup {
    needs_setup: bool,
    chain_name: String,
    version: &'static str,
    /// ISO 4217; empty until something decides it, and when nobody is needed any more.
    reporting_currency: String,
    /// Whether orders were converted into it already.
    currency_is_fixed: bool,
    /// IANA name.
    time_zone: String,
}

#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSetup {
    name: String,
    email: String,
    password: String,
    /// `en` or `zh`.
    language: String,
    chain_name: String,
    reporting_currency: String,
    time_zone: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSession {
    email: String,
    password: String,
    /// Of the app that makes codes, or a recovery code; asked for with `code_needed`.
    code: Option<String>,
}

#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LookAtInvitation {
    /// What stands behind `/join#`.
    secret: String,
}

/// Somebody whom a link invites.
#[derive(Serialize, utoipa::ToSchema)]
struct Invited {
    name: String,
    /// How they will sign in.
    email: String,
    chain_name: String,
}

#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Join {
    /// What stands behind `/join#`.
    secret: String,
    /// The password of their choice.
    password: String,
    /// Of the app that makes codes, or a recovery code; asked for with `code_needed`.
    code: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PatchSession {
    /// `en` or `zh`.
    language: String,
}

/// Tells whether the first administrator must still be created.
#[utoipa::path(get, path = "/setup", tag = "session",
    extensions(("x-permission" = json!("anyone"))), security(()),
    responses((status = 200, body = Setup)))]
async fn get_setup(State(app): State<App>) -> Result<Json<Setup>> {
    let settings = settings::load(app.db.read()).await?;
    let needs_setup = !users::any_exists(app.db.read()).await?;
    Ok(Json(Setup {
        needs_setup,
        version: env!("CARGO_PKG_VERSION"),
        currency_is_fixed: needs_setup
            && settings::currency_is_fixed(app.db.read(), &settings).await?,
        reporting_currency: match needs_setup {
            true => settings.reporting_currency,
            false => String::new(),
        },
        chain_name: settings.chain_name,
        time_zone: settings.time_zone,
    }))
}

/// Creates the first administrator and names the chain; possible once.
#[utoipa::path(post, path = "/setup", tag = "session",
    extensions(("x-permission" = json!("anyone"))), security(()), request_body = CreateSetup,
    responses((status = 201, body = Session), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_setup(
    State(app): State<App>,
    client: Client,
    JsonBody(body): JsonBody<CreateSetup>,
) -> Result<impl IntoResponse> {
    let ctx = Ctx {
        address: client.address.clone(),
        ..app.system_ctx()
    };
    let new = NewUser {
        email: body.email.clone(),
        name: body.name.clone(),
        password_hash: users::hash_password(&app, &body.password).await?,
        language: body.language.clone(),
        roles: BTreeSet::from([ADMINISTRATOR.to_owned()]),
        place: Place::default(),
    };
    let user = app
        .db
        .write(&ctx, move |tx| {
            let (new, body) = (new.clone(), body.clone());
            Box::pin(async move {
                if users::any_exists(tx.conn()).await? {
                    return Err(Error::conflict(
                        "already_set_up",
                        "An administrator exists already. Sign in.",
                    ));
                }
                let (mut settings, version) = settings::load_versioned(tx.conn()).await?;
                settings.chain_name = body.chain_name;
                settings.reporting_currency = body.reporting_currency;
                settings.time_zone = body.time_zone;
                settings::save(tx, settings, version).await?;
                tiers::ensure_published(tx).await?;
                let id = users::create(tx, &new).await?;
                let user = users::by_id(tx.conn(), id).await?;
                user.ok_or_else(|| Error::not_found("user"))
            })
        })
        .await?;
    let as_user = users::acting(&app, &ctx, &user).await?;
    let secret = actions::open(&app, &as_user, UserId(user.id), &client.user_agent).await?;
    Ok((
        StatusCode::CREATED,
        signed_in(&app, &as_user, &secret).await?,
    ))
}

/// Signs in with e-mail address and password, and a code where the account asks for one;
/// sets the session cookie.
#[utoipa::path(post, path = "/session", tag = "session",
    extensions(("x-permission" = json!("anyone"))), security(()), request_body = CreateSession,
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn create_session(
    State(app): State<App>,
    ctx: Ctx,
    client: Client,
    JsonBody(body): JsonBody<CreateSession>,
) -> Result<impl IntoResponse> {
    let (as_user, secret) = actions::sign_in(
        &app,
        &ctx,
        (&body.email, &body.password),
        body.code.as_deref(),
        &client.user_agent,
    )
    .await?;
    signed_in(&app, &as_user, &secret).await
}

/// Tells whom a link invites, and where to.
#[utoipa::path(post, path = "/join/look", tag = "session",
    extensions(("x-permission" = json!("anyone"))), security(()), request_body = LookAtInvitation,
    responses((status = 200, body = Invited), (status = 409, body = Problem)))]
async fn look_at_invitation(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<LookAtInvitation>,
) -> Result<Json<Invited>> {
    let user = users::invited(app.db.read(), &body.secret, ctx.now_micros()).await?;
    let settings = settings::load(app.db.read()).await?;
    Ok(Json(Invited {
        name: user.name,
        email: user.email,
        chain_name: settings.chain_name,
    }))
}

/// Chooses one's own password over a link, which is used up then; sets the session cookie.
#[utoipa::path(post, path = "/join", tag = "session",
    extensions(("x-permission" = json!("anyone"))), security(()), request_body = Join,
    responses((status = 201, body = Session), (status = 401, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem),
        (status = 429, body = Problem)))]
async fn join(
    State(app): State<App>,
    ctx: Ctx,
    client: Client,
    JsonBody(body): JsonBody<Join>,
) -> Result<impl IntoResponse> {
    // Before a password is hashed for nobody.
    let user = users::invited(app.db.read(), &body.secret, ctx.now_micros()).await?;
    let hash = users::hash_password(&app, &body.password).await?;
    let as_user = users::acting(&app, &ctx, &user).await?;
    let begun = tries::begin(&app, &ctx, &user.email).await?;
    actions::check_code(&app, &as_user, body.code.as_deref(), begun).await?;
    let joined = app.db.write(&as_user, move |tx| {
        let (secret, hash) = (body.secret.clone(), hash.clone());
        Box::pin(async move { users::join(tx, &secret, &hash).await })
    });
    joined.await?;
    let secret = actions::open(&app, &as_user, UserId(user.id), &client.user_agent).await?;
    Ok((
        StatusCode::CREATED,
        signed_in(&app, &as_user, &secret).await?,
    ))
}

/// Tells who is signed in.
#[utoipa::path(get, path = "/session", tag = "session",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, body = Session), (status = 401, body = Problem)))]
async fn get_session(State(app): State<App>, ctx: Ctx) -> Result<Json<Session>> {
    Ok(Json(session_of(&app, &ctx).await?))
}

/// Changes one's own language.
#[utoipa::path(patch, path = "/session", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = PatchSession,
    responses((status = 200, body = Session), (status = 422, body = Problem)))]
async fn change_session(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<PatchSession>,
) -> Result<Json<Session>> {
    let id = UserId(ctx.actor_id());
    app.db
        .write(&ctx, move |tx| {
            let language = body.language.clone();
            Box::pin(async move { users::set_language(tx, id, language).await })
        })
        .await?;
    Ok(Json(session_of(&app, &ctx).await?))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The one until now.
    password: String,
    new_password: String,
}

/// Changes one's own password. Every session, token and link of one's own ends; sets the
/// cookie of a new session.
#[utoipa::path(post, path = "/session/password", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), request_body = ChangePassword,
    responses((status = 200, body = Session), (status = 422, body = Problem),
        (status = 429, body = Problem)))]
async fn change_password(
    State(app): State<App>,
    ctx: Ctx,
    client: Client,
    JsonBody(body): JsonBody<ChangePassword>,
) -> Result<impl IntoResponse> {
    let secret = actions::change_password(
        &app,
        &ctx,
        &body.password,
        &body.new_password,
        &client.user_agent,
    )
    .await?;
    signed_in(&app, &ctx, &secret).await
}

/// One's own sessions, of which each is a browser.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct OwnSession {
    id: SessionId,
    created_at: String,
    expires_at: String,
    /// What the browser calls itself.
    user_agent: String,
    /// Where it signed in from.
    address: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Lists one's own sessions, the newest first.
#[utoipa::path(get, path = "/sessions", tag = "session",
    extensions(("x-permission" = json!("signed_in"))),
    responses((status = 200, body = List<OwnSession>)))]
async fn list_sessions(
    State(app): State<App>,
    ctx: Ctx,
    headers: HeaderMap,
) -> Result<Json<List<OwnSession>>> {
    let current = crate::http::session_secret(&headers).map(|secret| secret_hash(&secret));
    let rows = actions::own(&app, &ctx).await?;
    let session = |row: session::Model| OwnSession {
        id: SessionId(row.id),
        created_at: instant(row.created_at),
        expires_at: instant(row.expires_at),
        user_agent: row.user_agent,
        address: row.address,
        current: Some(row.token_hash) == current,
    };
    Ok(Json(List::whole(rows.into_iter().map(session).collect())))
}

/// Ends one of one's own sessions at once.
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), params(("id" = SessionId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_own_session(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<SessionId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move { actions::end_one(tx, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session",
    extensions(("x-permission" = json!("signed_in"))), responses((status = 204)))]
async fn delete_session(
    State(app): State<App>,
    ctx: Ctx,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    if let Some(secret) = crate::http::session_secret(&headers) {
        app.db
            .write(&ctx, move |tx| {
                let secret = secret.clone();
                Box::pin(async move { actions::end(tx, &secret).await })
            })
            .await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        AppendHeaders([(header::SET_COOKIE, clear_session_cookie())]),
    ))
}

async fn signed_in(app: &App, ctx: &Ctx, secret: &str) -> Result<impl IntoResponse + use<>> {
    let cookie = session_cookie(secret, actions::LIFETIME_S);
    let session = session_of(app, ctx).await?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Json(session)))
}

async fn session_of(app: &App, ctx: &Ctx) -> Result<Session> {
    let id = UserId(ctx.actor_id());
    let user = users::by_id(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_signed_in)?;
    let Settings {
        chain_name,
        reporting_currency,
        time_zone,
        ..
    } = settings::load(app.db.read()).await?;
    Ok(Session {
        user: SessionUser {
            id,
            name: user.name,
            email: user.email,
            roles: users::roles_of(app.db.read(), id).await?,
            store_id: user.store_id.map(StoreId),
            unit_id: user.unit_id.map(UnitId),
            language: user.language,
        },
        chain: Chain {
            name: chain_name,
            reporting_currency,
            time_zone,
        },
        permissions: ctx
            .access
            .permissions()
            .map(|permission| permission.name())
            .collect(),
    })
}

/// Routes of first run and sessions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_setup, create_setup))
        .routes(routes!(
            create_session,
            get_session,
            change_session,
            delete_session
        ))
        .routes(routes!(look_at_invitation))
        .routes(routes!(join))
        .routes(routes!(change_password))
        .routes(routes!(list_sessions))
        .routes(routes!(delete_own_session))
        .merge(second_factor_api::routes())
}
