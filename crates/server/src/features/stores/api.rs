//! Stores over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{StoreId, UnitId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions::{self, NewStore},
    entity, store,
};
use crate::{
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    http::{IfMatch, JsonBody, List, PageQuery, UrlPath, UrlQuery, etag, instant, said},
};

/// A place of sale.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Where it comes from; empty when a person typed it in.
    pub source: String,
    /// The code its source knows it by.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// ISO 3166 alpha-2, or empty.
    pub country: String,
    /// A part of the country or of the chain.
    pub region: String,
    /// ISO 4217, or empty for the reporting currency.
    pub currency: String,
    /// IANA name, or empty for the chain's.
    pub time_zone: String,
    /// Minutes after midnight at which its business day ends.
    pub day_cut_minutes: i64,
    /// `store`, `web`, `mini_program` or `marketplace`.
    pub channel: String,
    /// Its own number, which never identifies a customer.
    pub phone: String,
    /// The part of the organisation it belongs to; none is the chain itself.
    pub unit_id: Option<UnitId>,
    /// When it was made.
    pub created_at: String,
    /// The version for `If-Match`.
    pub version: i64,
}

impl From<entity::store::Model> for Store {
    fn from(row: entity::store::Model) -> Self {
        Store {
            id: StoreId(row.id),
            source: row.source,
            code: row.external_id,
            name: row.name,
            country: row.country,
            region: row.region,
            currency: row.currency,
            time_zone: row.time_zone,
            day_cut_minutes: row.day_cut_minutes,
            channel: row.channel,
            phone: row.phone,
            unit_id: row.unit_id.map(UnitId),
            created_at: instant(row.created_at),
            version: row.version,
        }
    }
}

/// What is said about a store; in a change, what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
struct StoreInput {
    code: Option<String>,
    name: Option<String>,
    country: Option<String>,
    region: Option<String>,
    currency: Option<String>,
    time_zone: Option<String>,
    day_cut_minutes: Option<i64>,
    channel: Option<String>,
    phone: Option<String>,
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<UnitId>)]
    unit_id: Option<Option<UnitId>>,
}

impl StoreInput {
    fn over(self, before: NewStore) -> NewStore {
        NewStore {
            source: before.source,
            import_id: before.import_id,
            code: self.code.unwrap_or(before.code),
            name: self.name.unwrap_or(before.name),
            country: self.country.unwrap_or(before.country),
            region: self.region.unwrap_or(before.region),
            currency: self.currency.unwrap_or(before.currency),
            time_zone: self.time_zone.unwrap_or(before.time_zone),
            day_cut_minutes: self.day_cut_minutes.unwrap_or(before.day_cut_minutes),
            channel: self.channel.unwrap_or(before.channel),
            phone: self.phone.unwrap_or(before.phone),
            unit_id: self.unit_id.unwrap_or(before.unit_id),
        }
    }
}

/// Lists stores in the order they were made.
#[utoipa::path(get, path = "/stores", tag = "stores",
    extensions(("x-permission" = json!("stores.see"))), params(PageQuery),
    responses((status = 200, body = List<Store>), (status = 403, body = Problem)))]
async fn list_stores(
    State(app): State<App>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<Store>>> {
    let after = page.after::<StoreId>()?.map(|id| id.0);
    let limit = page.limit();
    let (rows, count) = store::page(app.db.read(), after, limit + 1).await?;
    let stores = rows.into_iter().map(Store::from).collect();
    Ok(Json(List::of(stores, limit, count, |store: &Store| {
        store.id.to_string()
    })))
}

/// Creates a store.
#[utoipa::path(post, path = "/stores", tag = "stores",
    extensions(("x-permission" = json!("stores.create"))), request_body = StoreInput,
    responses((status = 201, body = Store), (status = 422, body = Problem)))]
async fn create_store(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<StoreInput>,
) -> Result<impl IntoResponse> {
    let new = body.over(NewStore::default());
    let store = app.db.post(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let id = actions::create(tx, &new).await?;
            find(tx.conn(), id).await
        })
    });
    Ok((StatusCode::CREATED, shown(store.await?)))
}

/// Shows one store.
#[utoipa::path(get, path = "/stores/{id}", tag = "stores",
    extensions(("x-permission" = json!("stores.see"))), params(("id" = StoreId, Path)),
    responses((status = 200, body = Store), (status = 404, body = Problem)))]
async fn get_store(
    State(app): State<App>,
    UrlPath(id): UrlPath<StoreId>,
) -> Result<impl IntoResponse> {
    Ok(shown(find(app.db.read(), id).await?))
}

/// Changes a store.
#[utoipa::path(patch, path = "/stores/{id}", tag = "stores",
    extensions(("x-permission" = json!("stores.edit"))), request_body = StoreInput,
    params(("id" = StoreId, Path)),
    responses((status = 200, body = Store), (status = 412, body = Problem),
        (status = 422, body = Problem), (status = 428, body = Problem)))]
async fn change_store(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<StoreId>,
    IfMatch(version): IfMatch,
    JsonBody(body): JsonBody<StoreInput>,
) -> Result<impl IntoResponse> {
    let before = store::by_id(app.db.read(), id).await?;
    let new = body.over(NewStore {
        source: before.source,
        code: before.external_id,
        name: before.name,
        country: before.country,
        region: before.region,
        currency: before.currency,
        time_zone: before.time_zone,
        day_cut_minutes: before.day_cut_minutes,
        channel: before.channel,
        phone: before.phone,
        import_id: before.import_id,
        unit_id: before.unit_id.map(UnitId),
    });
    let store = app.db.write(&ctx, move |tx| {
        let new = new.clone();
        Box::pin(async move {
            actions::change(tx, id, version, &new).await?;
            find(tx.conn(), id).await
        })
    });
    Ok(shown(store.await?))
}

async fn find(connection: &impl ConnectionTrait, id: StoreId) -> Result<Store> {
    Ok(store::by_id(connection, id).await?.into())
}

fn shown(store: Store) -> impl IntoResponse {
    (etag(store.version), Json(store))
}

/// Routes of stores.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_stores, create_store))
        .routes(routes!(get_store, change_store))
}
