//! How often somebody may guess.

use axum::http::StatusCode;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, Set};

use super::entity::attempt;
use crate::{
    app::App,
    ctx::{Ctx, secret_hash},
    error::{Error, Result},
};

/// Tries in the window before the door closes.
const TRIES: u64 = 10;
/// The window in microseconds.
const WINDOW_MICROS: i64 = 15 * 60 * 1_000_000;

/// A try that counts as failed until it is forgiven, so that many at once are counted too.
pub(super) struct Try(i64);

/// Begins a try for an e-mail address, whether or not somebody signs in with it.
///
/// # Errors
/// `too_many_tries` after ten in a quarter of an hour for this account or from this address.
pub(super) async fn begin(app: &App, ctx: &Ctx, email: &str) -> Result<Try> {
    let account = secret_hash(&email.trim().to_lowercase());
    let address = ctx.address.clone();
    app.db
        .write(ctx, move |tx| {
            let (account, address) = (account.clone(), address.clone());
            Box::pin(async move {
                let now = tx.ctx().now_micros();
                let tries = attempt::Entity::find()
                    .filter(attempt::Column::At.gt(now - WINDOW_MICROS))
                    // What a wrong clock dated ahead must not lock anybody out until then.
                    .filter(attempt::Column::At.lte(now))
                    .filter(
                        Condition::any()
                            .add(attempt::Column::Account.eq(&account))
                            .add(attempt::Column::Address.eq(&address)),
                    )
                    .count(tx.conn())
                    .await?;
                if tries >= TRIES {
                    return Err(Error::problem(
                        StatusCode::TOO_MANY_REQUESTS,
                        "too_many_tries",
                        "Too many tries. Wait a quarter of an hour.",
                    ));
                }
                let id = tx.ctx().next_id();
                let row = attempt::ActiveModel {
                    id: Set(id),
                    account: Set(account),
                    address: Set(address),
                    at: Set(now),
                };
                attempt::Entity::insert(row)
                    .exec_without_returning(tx.conn())
                    .await?;
                attempt::Entity::delete_many()
                    .filter(attempt::Column::At.lt(now - WINDOW_MICROS))
                    .exec(tx.conn())
                    .await?;
                Ok(Try(id))
            })
        })
        .await
}

/// Takes back a try that was none.
pub(super) async fn forgive(app: &App, ctx: &Ctx, Try(id): Try) -> Result<()> {
    app.db
        .write(ctx, move |tx| {
            Box::pin(async move {
                attempt::Entity::delete_by_id(id).exec(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}
