//! API tokens: secrets for programs that act for a person. Table: `api_tokens`.
//! Only a hash is kept; the secret is shown once.

mod api;
pub mod entity;

use std::sync::Arc;

use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

pub use self::api::routes;
use crate::{
    access::Access,
    app::App,
    ctx::{Ctx, secret_hash},
    error::{Error, Result},
    features::users,
};

/// The person a token acts for, with what they may do.
///
/// # Errors
/// `not_signed_in`.
pub async fn caller_of(app: &App, secret: &str) -> Result<(UserId, Arc<Access>)> {
    let row = entity::Entity::find()
        .filter(entity::Column::TokenHash.eq(secret_hash(secret)))
        .one(app.db.read())
        .await?
        .ok_or_else(Error::not_signed_in)?;
    let now = app.env.now().as_microsecond();
    if row.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::not_signed_in());
    }
    let user = users::by_id(app.db.read(), UserId(row.user_id)).await?;
    let user = user.filter(|user| user.active);
    let user = user.ok_or_else(Error::not_signed_in)?;
    let version = users::access_version(app.db.read()).await?;
    let mut access = app.access.of(app.db.read(), &user, version).await?;
    if let Some(only) = &row.permissions {
        let only: Vec<String> = serde_json::from_str(only)?;
        access = Arc::new(access.only(&only));
    }
    // Once an hour is exact enough for "last used", and no write on every request.
    if row.last_used_at.is_none_or(|at| now - at > 3_600_000_000) {
        let id = row.id;
        app.db
            .write(&Ctx::system(&app.env), move |tx| {
                Box::pin(async move {
                    entity::Entity::update_many()
                        .col_expr(entity::Column::LastUsedAt, Expr::value(now))
                        .filter(entity::Column::Id.eq(id))
                        .exec(tx.conn())
                        .await?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok((UserId(user.id), access))
}
