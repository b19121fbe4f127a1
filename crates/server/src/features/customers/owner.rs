//! Who looks after a customer.

use axum::{Json, extract::State, response::IntoResponse};
use clientele_domain::id::{CustomerId, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    entity::customer,
    person::{self, Customer},
};
use crate::{
    access::{Permission, Scope, rows},
    app::App,
    ctx::Ctx,
    db::{Tx, What},
    error::{Error, Problem, Result},
    features::users::entity as user,
    http::{IfMatch, JsonBody, List, UrlPath, etag},
};

/// Somebody who may look after customers.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Colleague {
    id: UserId,
    name: String,
}

/// Who shall look after a customer.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PutOwner {
    /// Null for nobody.
    owner_id: Option<UserId>,
}

/// Lists those to whom one may assign customers.
#[utoipa::path(get, path = "/colleagues", tag = "customers",
    extensions(("x-permission" = json!("customers.assign"))),
    responses((status = 200, body = List<Colleague>)))]
async fn list_colleagues(State(app): State<App>, ctx: Ctx) -> Result<Json<List<Colleague>>> {
    let rows: Vec<(i64, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(colleagues(&ctx))
        .order_by_asc(user::Column::Name)
        .order_by_asc(user::Column::Id)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let colleague = |(id, name)| Colleague {
        id: UserId(id),
        name,
    };
    Ok(Json(List::whole(rows.into_iter().map(colleague).collect())))
}

/// Says who looks after a customer.
#[utoipa::path(put, path = "/customers/{id}/owner", tag = "customers",
    extensions(("x-permission" = json!("customers.assign"))), request_body = PutOwner,
    params(("id" = CustomerId, Path)),
    responses((status = 200, body = Customer), (status = 404, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn put_owner(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<PutOwner>,
) -> Result<impl IntoResponse> {
    let customer = app.db.write(&ctx, move |tx| {
        let owner = body.owner_id;
        Box::pin(async move {
            assign(tx, id, version, owner).await?;
            // Whoever gave them away may not reach them any more.
            person::customer(tx.conn(), &Scope::All, id).await
        })
    });
    let customer = customer.await?;
    Ok((etag(customer.version), Json(customer)))
}

/// Active people whom the actor reaches: those of their stores, and those whose
/// customers they reach.
fn colleagues(ctx: &Ctx) -> Condition {
    let active = Condition::all().add(user::Column::Active.eq(true));
    match ctx.scope(Permission::CustomersAssign) {
        Scope::All => active,
        Scope::Nothing => active.add(user::Column::Id.is_null()),
        Scope::Rows(rows) => active.add(
            Condition::any()
                .add(user::Column::StoreId.is_in(rows.stores.iter().copied()))
                .add(user::Column::Id.is_in(rows.owners.iter().copied())),
        ),
    }
}

/// Says who looks after a customer, over the version it was read at.
async fn assign(tx: &Tx, id: CustomerId, version: i64, owner: Option<UserId>) -> Result<()> {
    let reached = rows::customers(tx.ctx().scope(Permission::CustomersAssign));
    let before = customer::Entity::find_by_id(id.0)
        .filter(reached)
        .one(tx.conn())
        .await?
        .ok_or_else(|| Error::not_found("customer"))?;
    if before.golden_id != before.id {
        let golden = CustomerId(before.golden_id).to_string();
        let detail = "This record was merged into another customer. Assign that one.";
        return Err(Error::conflict("customer_merged", detail).with("customer_id", golden));
    }
    if let Some(owner) = owner {
        let found = user::Entity::find_by_id(owner.0)
            .filter(colleagues(tx.ctx()))
            .one(tx.conn())
            .await?;
        if found.is_none() {
            let detail = "This person cannot look after customers here.";
            return Err(Error::invalid("owner_id", "owner_unknown", detail));
        }
    }
    let outcome = customer::Entity::update_many()
        .col_expr(customer::Column::Version, Expr::value(version + 1))
        .col_expr(
            customer::Column::OwnerId,
            Expr::value(owner.map(|owner| owner.0)),
        )
        .filter(customer::Column::Id.eq(id.0))
        .filter(customer::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    tx.changed("customer", id.0, What::Updated);
    let detail = json!({ "before": before.owner_id.map(UserId), "after": owner });
    tx.audit("assign", "customer", id.0, detail);
    Ok(())
}

/// What people call whoever looks after a customer.
///
/// # Errors
/// When the book fails.
pub(super) async fn name(
    connection: &impl ConnectionTrait,
    owner: Option<i64>,
) -> Result<Option<String>> {
    let Some(owner) = owner else { return Ok(None) };
    let row = user::Entity::find_by_id(owner).one(connection).await?;
    Ok(row.map(|row| row.name))
}

/// Routes of who looks after whom.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_colleagues))
        .routes(routes!(put_owner))
}

/// Gives every customer of one person to another, or to nobody; answers how many.
///
/// # Errors
/// `beyond_own_rights` when somebody would get customers whom the actor may not assign.
pub async fn hand_over(tx: &Tx, from: UserId, to: Option<UserId>) -> Result<u64> {
    let ids: Vec<i64> = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(customer::Column::OwnerId.eq(from.0))
        .order_by_asc(customer::Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let reached = customer::Entity::find()
        .filter(customer::Column::OwnerId.eq(from.0))
        .filter(rows::customers(tx.ctx().scope(Permission::CustomersAssign)))
        .count(tx.conn())
        .await?;
    if to.is_some() && reached < ids.len() as u64 {
        return Err(Error::beyond_own_rights());
    }
    customer::Entity::update_many()
        .col_expr(
            customer::Column::Version,
            Expr::col(customer::Column::Version).add(1),
        )
        .col_expr(customer::Column::OwnerId, Expr::value(to.map(|to| to.0)))
        .filter(customer::Column::OwnerId.eq(from.0))
        .exec(tx.conn())
        .await?;
    for &id in &ids {
        tx.changed("customer", id, What::Updated);
        tx.audit(
            "assign",
            "customer",
            id,
            json!({ "before": from, "after": to }),
        );
    }
    Ok(ids.len() as u64)
}
