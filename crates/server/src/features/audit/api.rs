//! The audit log over HTTP.

use std::collections::HashMap;

use axum::{Json, extract::State, response::Response};
use clientele_domain::id::{
    BackupId, CustomerId, ImportId, JobId, MergeId, PairId, RoleId, RunId, StoreId, TeamId,
    TokenId, UnitId, UserId, ViewId,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::Value;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{export::write_entries, filter::AuditQuery};
use crate::{
    app::App,
    ctx::Ctx,
    entities::audit_entry::{Column, Model},
    error::{Problem, Result},
    export::{FileQuery, Written, download},
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
    let mut select = query
        .select(app.db.read())
        .await?
        .order_by_desc(Column::Seq);
    let count = select.clone().count(app.db.read()).await?;
    if let Some(before) = page.after::<i64>()? {
        select = select.filter(Column::Seq.lt(before));
    }
    let rows = select.limit(limit + 1).all(app.db.read()).await?;
    let people = people_of(app.db.read(), &rows).await?;
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

/// What those are called who did something.
pub(super) async fn people_of(
    connection: &impl ConnectionTrait,
    rows: &[Model],
) -> Result<HashMap<i64, String>> {
    let people: Vec<(i64, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.actor)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(people.into_iter().collect())
}

/// The id of a row as everybody else knows it.
pub(super) fn outside(noun: &str, id: i64) -> String {
    match noun {
        "backup" => BackupId(id).to_string(),
        "customer" => CustomerId(id).to_string(),
        "grade_run" => RunId(id).to_string(),
        "import" => ImportId(id).to_string(),
        "job" => JobId(id).to_string(),
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

/// Writes the entries of a filter as a file, oldest first.
#[utoipa::path(get, path = "/audit/export", tag = "audit",
    extensions(("x-permission" = json!("audit.export"))), params(FileQuery, AuditQuery),
    responses((status = 200, description = "The file.", content(
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"),
            (String = "application/vnd.apache.parquet"))),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn export_audit(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(wanted): UrlQuery<FileQuery>,
    UrlQuery(query): UrlQuery<AuditQuery>,
) -> Result<Response> {
    let select = query.select(app.db.read()).await?;
    let told = ("audit", "audit", serde_json::to_value(&query)?);
    let reading = app.clone();
    let options = (wanted.format, wanted.lossless);
    let write: Written = Box::new(move |sink| {
        Box::pin(async move { write_entries(&reading, select, options, sink).await })
    });
    download(app, ctx, wanted, told, write).await
}

/// Routes of the audit log.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_audit))
        .routes(routes!(export_audit))
}
