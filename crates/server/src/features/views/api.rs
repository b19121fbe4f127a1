//! Saved views over HTTP.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use clientele_domain::id::{UserId, ViewId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::entity::saved_view;
use crate::{
    app::App,
    ctx::Ctx,
    db::{Tx, What},
    error::{Error, Problem, Result},
    http::{JsonBody, List, UrlPath, UrlQuery, instant},
};

/// Longest name and query that are kept.
const LONGEST: usize = 2_000;

/// A list as somebody wants to see it again.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct View {
    id: ViewId,
    /// The screen it belongs to, for example `customers`.
    screen: String,
    /// What people call it.
    name: String,
    /// The search part of the screen's address.
    query: String,
    /// Whether everybody sees it.
    shared: bool,
    /// Whether it is one's own.
    own: bool,
    created_at: String,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ViewsQuery {
    /// Only views of this screen.
    screen: Option<String>,
}

#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewView {
    screen: String,
    name: String,
    query: String,
    #[serde(default)]
    shared: bool,
}

fn view(ctx: &Ctx, row: saved_view::Model) -> View {
    View {
        id: ViewId(row.id),
        screen: row.screen,
        name: row.name,
        query: row.query,
        shared: row.shared,
        own: row.user_id == ctx.actor_id(),
        created_at: instant(row.created_at),
    }
}

/// Lists one's own views and those that others share, by name.
#[utoipa::path(get, path = "/views", tag = "views",
    extensions(("x-permission" = json!("customers.see"))), params(ViewsQuery),
    responses((status = 200, body = List<View>), (status = 403, body = Problem)))]
async fn list_views(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<ViewsQuery>,
) -> Result<Json<List<View>>> {
    let mine_or_shared = Condition::any()
        .add(saved_view::Column::UserId.eq(ctx.actor_id()))
        .add(saved_view::Column::Shared.eq(true));
    let mut select = saved_view::Entity::find()
        .filter(mine_or_shared)
        .order_by_asc(saved_view::Column::Name)
        .order_by_asc(saved_view::Column::Id);
    if let Some(screen) = query.screen {
        select = select.filter(saved_view::Column::Screen.eq(screen));
    }
    let rows = select.all(app.db.read()).await?;
    let count = rows.len() as u64;
    let views = rows.into_iter().map(|row| view(&ctx, row)).collect();
    Ok(Json(List::of(views, count, count, |view: &View| {
        view.id.to_string()
    })))
}

/// Saves a view.
#[utoipa::path(post, path = "/views", tag = "views",
    extensions(("x-permission" = json!("customers.see"))), request_body = NewView,
    responses((status = 201, body = View), (status = 422, body = Problem)))]
async fn create_view(
    State(app): State<App>,
    ctx: Ctx,
    JsonBody(body): JsonBody<NewView>,
) -> Result<impl IntoResponse> {
    let view = app.db.post(&ctx, move |tx| {
        let body = body.clone();
        Box::pin(async move { keep(tx, &body).await })
    });
    Ok((StatusCode::CREATED, Json(view.await?)))
}

async fn keep(tx: &Tx, new: &NewView) -> Result<View> {
    let name = new.name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name", "name_missing", "Enter a name."));
    }
    if new.screen.trim().is_empty() {
        return Err(Error::invalid(
            "screen",
            "screen_missing",
            "Say which screen the view is of.",
        ));
    }
    for (field, text) in [
        ("name", name),
        ("query", &new.query),
        ("screen", &new.screen),
    ] {
        if text.len() > LONGEST {
            let detail = format!("At most {LONGEST} bytes fit here.");
            return Err(Error::invalid(field, "text_too_long", detail).with("most", LONGEST));
        }
    }
    let id = tx.ctx().next_id();
    let row = saved_view::Model {
        id,
        user_id: tx.ctx().actor_id(),
        screen: new.screen.trim().to_owned(),
        name: name.to_owned(),
        query: new.query.clone(),
        shared: new.shared,
        created_at: tx.ctx().now_micros(),
    };
    let kept = view(tx.ctx(), row.clone());
    saved_view::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.conn())
        .await?;
    tx.changed("view", id, What::Created);
    tx.audit("create", "view", id, json!({ "shared": new.shared }));
    Ok(kept)
}

/// Deletes one of one's own views.
#[utoipa::path(delete, path = "/views/{id}", tag = "views",
    extensions(("x-permission" = json!("customers.see"))), params(("id" = ViewId, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_view(
    State(app): State<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<ViewId>,
) -> Result<StatusCode> {
    app.db
        .write(&ctx, move |tx| {
            Box::pin(async move {
                let outcome = saved_view::Entity::delete_many()
                    .filter(saved_view::Column::Id.eq(id.0))
                    .filter(saved_view::Column::UserId.eq(tx.ctx().actor_id()))
                    .exec(tx.conn())
                    .await?;
                if outcome.rows_affected == 0 {
                    return Err(Error::not_found("view"));
                }
                tx.changed("view", id.0, What::Deleted);
                tx.audit("delete", "view", id.0, json!({}));
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the views of one person that others use to another; answers how many.
///
/// # Errors
/// When the book fails.
pub async fn hand_over(tx: &Tx, from: UserId, to: UserId) -> Result<u64> {
    let outcome = saved_view::Entity::update_many()
        .col_expr(saved_view::Column::UserId, Expr::value(to.0))
        .filter(saved_view::Column::UserId.eq(from.0))
        .filter(saved_view::Column::Shared.eq(true))
        .exec(tx.conn())
        .await?;
    Ok(outcome.rows_affected)
}

/// Routes of saved views.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_views, create_view))
        .routes(routes!(delete_view))
}
