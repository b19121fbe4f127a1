//! Reading the audit log. Table: `audit_entries`, written by [`crate::db::Tx`]
//! with every deed.

use axum::{Json, extract::State};
use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    entities::audit_entry::{Column, Entity},
    error::{Problem, Result},
    http::{List, PageQuery, UrlQuery, instant},
};

/// One deed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct AuditEntry {
    /// Its place in the log.
    seq: i64,
    at: String,
    /// Who; absent for the program itself.
    actor: Option<UserId>,
    action: String,
    noun: String,
    /// The row's number, 0 where there is none.
    noun_id: String,
    #[schema(value_type = Object)]
    detail: Value,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only deeds on this kind of row.
    noun: Option<String>,
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
    if let Some(actor) = query.actor {
        select = select.filter(Column::Actor.eq(actor.0));
    }
    let count = select.clone().count(app.db.read()).await?;
    if let Some(before) = page.after::<i64>()? {
        select = select.filter(Column::Seq.lt(before));
    }
    let rows = select.limit(limit + 1).all(app.db.read()).await?;
    let entries = rows
        .into_iter()
        .map(|row| AuditEntry {
            seq: row.seq,
            at: instant(row.at),
            actor: (row.actor != 0).then_some(UserId(row.actor)),
            action: row.action,
            noun: row.noun,
            noun_id: row.noun_id.to_string(),
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        })
        .collect();
    Ok(Json(List::of(entries, limit, count, |entry| {
        entry.seq.to_string()
    })))
}

/// Routes of the audit log.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
}
