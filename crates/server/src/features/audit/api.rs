//! The audit log over HTTP.

use std::collections::HashMap;

use axum::{Json, extract::State};
use clientele_domain::id::{
    CustomerId, ImportId, MergeId, PairId, RoleId, RunId, StoreId, TeamId, TokenId, UnitId, UserId,
    ViewId,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    entities::audit_entry::{Column, Entity, Model},
    error::{Problem, Result},
    features::users::entity as user,
    http::{List, PageQuery, Ref, UrlQuery, instant},
};

/// One deed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct AuditEntry {
    /// Its place in the log.
    seq: i64,
    /// When.
    at: String,
    /// Who; absent for the program itself and for nobody.
    actor: Option<Ref>,
    /// Where the request came from; empty for the program itself.
    address: String,
    /// What was done.
    action: String,
    /// To what kind of row.
    noun: String,
    /// Which row; absent where there is none.
    noun_id: Option<String>,
    /// What was before and after, as far as it is no person's own affair.
    #[schema(value_type = Object)]
    detail: Value,
    /// The hash of this entry and all before it.
    hash: String,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only deeds on this kind of row.
    noun: Option<String>,
    /// Only deeds of this kind.
    action: Option<String>,
    /// Only deeds of this person.
    actor: Option<UserId>,
}

/// Lists what was done, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit",
    extensions(("x-permission" = json!("audit.see"))), params(AuditQuery, PageQuery),
    responses((status = 200, body = List<AuditEntry>), (status = 403, body = Problem)))]
async fn list_audit(
    State(app): State<App>,
    UrlQuery(query): UrlQuery<AuditQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<AuditEntry>>> {
    let limit = page.limit();
    let mut select = Entity::find().order_by_desc(Column::Seq);
    if let Some(noun) = query.noun {
        select = select.filter(Column::Noun.eq(noun));
    }
    if let Some(action) = query.action {
        select = select.filter(Column::Action.eq(action));
    }
    if let Some(actor) = query.actor {
        select = select.filter(Column::Actor.eq(actor.0));
    }
    let count = select.clone().count(app.db.read()).await?;
    if let Some(before) = page.after::<i64>()? {
        select = select.filter(Column::Seq.lt(before));
    }
    let rows = select.limit(limit + 1).all(app.db.read()).await?;
    let people: Vec<(i64, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.actor)))
        .into_tuple()
        .all(app.db.read())
        .await?;
    let people: HashMap<i64, String> = people.into_iter().collect();
    let entries = rows.into_iter().map(|row| entry(row, &people)).collect();
    Ok(Json(List::of(entries, limit, count, |entry| {
        entry.seq.to_string()
    })))
}

fn entry(row: Model, people: &HashMap<i64, String>) -> AuditEntry {
    let name = |id| people.get(&id).cloned().unwrap_or_default();
    AuditEntry {
        seq: row.seq,
        at: instant(row.at),
        actor: (row.actor != 0).then(|| Ref::new(UserId(row.actor), name(row.actor))),
        address: row.address,
        noun_id: (row.noun_id != 0).then(|| outside(&row.noun, row.noun_id)),
        action: row.action,
        noun: row.noun,
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        hash: row.hash,
    }
}

/// The id of a row as everybody else knows it.
fn outside(noun: &str, id: i64) -> String {
    match noun {
        "customer" => CustomerId(id).to_string(),
        "grade_run" => RunId(id).to_string(),
        "import" => ImportId(id).to_string(),
        "merge" => MergeId(id).to_string(),
        "pair" => PairId(id).to_string(),
        "role" => RoleId(id).to_string(),
        "store" => StoreId(id).to_string(),
        "team" => TeamId(id).to_string(),
        "token" => TokenId(id).to_string(),
        "unit" => UnitId(id).to_string(),
        "user" => UserId(id).to_string(),
        "view" => ViewId(id).to_string(),
        _ => id.to_string(),
    }
}

/// Routes of the audit log.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
}
