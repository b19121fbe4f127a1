//! Customers over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::CustomerId;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions, export_api,
    identities::{self, Identities},
    list::{self, CustomerQuery, Place, Sort},
    lookup::{self, LookupHit},
    merge_api, owner,
    person::{self, Customer},
    profile::CustomerInput,
    row::{self, CustomerRow, Names},
    timeline::{self, Asked, TimelineItem},
};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    http::{IfMatch, JsonBody, List, PageQuery, Total, UrlPath, UrlQuery, etag},
};

/// Lists customers, each once.
#[utoipa::path(get, path = "/customers", tag = "customers",
    extensions(("x-permission" = json!("customers.see"))), params(CustomerQuery, PageQuery),
    responses((status = 200, body = List<CustomerRow>), (status = 400, body = Problem),
        (status = 403, body = Problem)))]
async fn list_customers(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<CustomerQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<CustomerRow>>> {
    let (filter, sort) = (query.filter()?, Sort::parse(query.sort.as_deref())?);
    let after = page.cursor.as_deref().map(Place::parse).transpose()?;
    let limit = page.limit() as usize;
    let scope = ctx.scope(Permission::CustomersSee);
    let found = list::find(&app, scope, (&filter, sort), after.as_ref(), limit).await?;
    let connection = &app.db.reader().await?;
    let shown = list::shown(connection, scope, &found.ids);
    let asked = async { tokio::try_join!(shown, Names::load(connection)) };
    let (shown, names) = connection.together(asked).await?;
    Ok(Json(List {
        items: shown.iter().map(|shown| row::row(&names, shown)).collect(),
        next: found.next.map(|place| place.cursor()),
        total: Total {
            count: found.total,
            exact: true,
        },
    }))
}

/// Creates a customer. A key by which somebody is known already is refused, with
/// that customer's id in `params`.
#[utoipa::path(post, path = "/customers", tag = "customers",
    extensions(("x-permission" = json!("customers.create"))), request_body = CustomerInput,
    responses((status = 201, body = Customer), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn create_customer(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<CustomerInput>,
) -> Result<impl IntoResponse> {
    let customer = app.db.post(&ctx, move |tx| {
        let body = body.clone();
        Box::pin(async move {
            let id = actions::create(tx, &body).await?;
            person::customer(tx.conn(), tx.ctx().scope(Permission::CustomersSee), id).await
        })
    });
    Ok((StatusCode::CREATED, shown(customer.await?)))
}

/// Shows one customer; a merged record says into whom.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers",
    extensions(("x-permission" = json!("customers.see"))), params(("id" = CustomerId, Path)),
    responses((status = 200, body = Customer), (status = 404, body = Problem)))]
async fn get_customer(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
) -> Result<impl IntoResponse> {
    let reader = app.db.reader().await?;
    let customer = person::customer(&reader, ctx.scope(Permission::CustomersSee), id).await?;
    Ok(shown(customer))
}

/// Changes a customer.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers",
    extensions(("x-permission" = json!("customers.edit"))), request_body = CustomerInput,
    params(("id" = CustomerId, Path)),
    responses((status = 200, body = Customer), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_customer(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<CustomerInput>,
) -> Result<impl IntoResponse> {
    let customer = app.db.write(&ctx, move |tx| {
        let body = body.clone();
        Box::pin(async move {
            actions::change(tx, id, version, &body).await?;
            person::customer(tx.conn(), tx.ctx().scope(Permission::CustomersSee), id).await
        })
    });
    Ok(shown(customer.await?))
}

fn shown(customer: Customer) -> impl IntoResponse {
    (etag(customer.version), Json(customer))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// Only these types, separated by commas.
    kind: Option<String>,
}

/// Lists what happened to a customer, newest first.
#[utoipa::path(get, path = "/customers/{id}/timeline", tag = "customers",
    extensions(("x-permission" = json!("customers.see"))),
    params(("id" = CustomerId, Path), TimelineQuery, PageQuery),
    responses((status = 200, body = List<TimelineItem>), (status = 404, body = Problem)))]
async fn list_timeline(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
    UrlQuery(query): UrlQuery<TimelineQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<TimelineItem>>> {
    let kinds = query.kind.as_deref().unwrap_or_default();
    let kinds: Vec<&str> = kinds.split(',').filter(|kind| !kind.is_empty()).collect();
    let asked = Asked {
        kinds: &kinds,
        cursor: page.cursor.as_deref(),
        limit: page.limit(),
    };
    let reader = app.db.reader().await?;
    Ok(Json(
        timeline::page(&reader, ctx.scope(Permission::CustomersSee), id, &asked).await?,
    ))
}

/// Shows the keys, records and merges behind a customer.
#[utoipa::path(get, path = "/customers/{id}/identities", tag = "customers",
    extensions(("x-permission" = json!("customers.see"))),
    params(("id" = CustomerId, Path)),
    responses((status = 200, body = Identities), (status = 404, body = Problem)))]
async fn get_identities(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<CustomerId>,
) -> Result<Json<Identities>> {
    let reader = app.db.reader().await?;
    Ok(Json(
        identities::of(&reader, ctx.scope(Permission::CustomersSee), id).await?,
    ))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LookupQuery {
    /// A phone tail of at least four digits, a card, a number, an e-mail address,
    /// or the beginning of a name.
    q: String,
}

/// Who may be meant.
#[derive(Serialize, utoipa::ToSchema)]
struct Lookup {
    /// At most ten.
    items: Vec<LookupHit>,
}

/// Finds who stands at the till: at most ten answers with their last five orders.
#[utoipa::path(get, path = "/lookup", tag = "customers",
    extensions(("x-permission" = json!("customers.see"))), params(LookupQuery),
    responses((status = 200, body = Lookup), (status = 403, body = Problem)))]
async fn look_up(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<LookupQuery>,
) -> Result<Json<Lookup>> {
    Ok(Json(Lookup {
        items: lookup::look_up(&app, ctx.scope(Permission::CustomersSee), &query.q).await?,
    }))
}

/// Routes of customers, merges and exports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_customers, create_customer))
        .routes(routes!(get_customer, change_customer))
        .routes(routes!(list_timeline))
        .routes(routes!(get_identities))
        .routes(routes!(look_up))
        .merge(export_api::routes())
        .merge(merge_api::routes())
        .merge(owner::routes())
}
