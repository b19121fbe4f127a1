//! The review queue over HTTP.

use std::collections::HashMap;

use axum::{Json, extract::State as AppState, http::StatusCode, response::IntoResponse};
use clientele_domain::{
    id::{CustomerId, PairId},
    linkage,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions,
    entity::pair,
    store::{self, Place, State, StoredEvidence},
};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    features::customers::{self, Merge, PersonCard},
    http::{JsonBody, List, PageQuery, UrlPath, UrlQuery, instant},
    jobs::Job,
};

/// Two customers who may be one person.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct DuplicatePair {
    id: PairId,
    /// Log2 of the match odds.
    score: f64,
    /// The same as a probability, 0 to 1.
    probability: f64,
    left: PersonCard,
    right: PersonCard,
    /// What speaks for and against, field by field.
    evidence: Vec<FieldEvidence>,
    state: State,
    found_at: String,
}

/// One field of two customers side by side.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct FieldEvidence {
    /// The field, for example `birth_date`.
    field: String,
    /// What the left one says today.
    left: Option<String>,
    /// What the right one says today.
    right: Option<String>,
    /// `equal`, `similar`, `different` or `missing`.
    agreement: String,
    /// Bits for (positive) or against (negative).
    weight: f64,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PairsQuery {
    /// `open` unless told otherwise, `merged` or `dismissed`.
    state: Option<State>,
}

/// Lists pairs, the likeliest first.
#[utoipa::path(get, path = "/duplicates", tag = "duplicates",
    extensions(("x-permission" = json!("duplicates.see"))), params(PairsQuery, PageQuery),
    responses((status = 200, body = List<DuplicatePair>), (status = 403, body = Problem)))]
async fn list_pairs(
    AppState(app): AppState<App>,
    ctx: Ctx,
    UrlQuery(query): UrlQuery<PairsQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<DuplicatePair>>> {
    let state = query.state.unwrap_or(State::Open);
    let (after, limit) = (page.after::<Place>()?, page.limit());
    let scope = ctx.scope(Permission::DuplicatesSee);
    let (rows, count) = store::page(app.db.read(), scope, state, after, limit + 1).await?;
    let ids: Vec<i64> = rows
        .iter()
        .flat_map(|row| [row.left_id, row.right_id])
        .collect();
    let cards = customers::person_cards(&app.db.reader().await?, &ids).await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in &rows {
        pairs.extend(shown(row, state, &cards)?);
    }
    Ok(Json(List::of(pairs, limit, count, |pair| {
        Place(pair.score, pair.id.0).to_string()
    })))
}

fn shown(
    row: &pair::Model,
    state: State,
    cards: &HashMap<i64, PersonCard>,
) -> Result<Option<DuplicatePair>> {
    let (Some(left), Some(right)) = (cards.get(&row.left_id), cards.get(&row.right_id)) else {
        return Ok(None);
    };
    let stored: Vec<StoredEvidence> = serde_json::from_str(&row.evidence)?;
    let evidence = stored
        .into_iter()
        .map(|found| FieldEvidence {
            left: value_of(left, &found.field),
            right: value_of(right, &found.field),
            field: found.field,
            agreement: found.agreement,
            weight: found.weight,
        })
        .collect();
    Ok(Some(DuplicatePair {
        id: PairId(row.id),
        score: row.score,
        probability: linkage::probability(row.score),
        left: left.clone(),
        right: right.clone(),
        evidence,
        state,
        found_at: instant(row.found_at),
    }))
}

/// What a customer says about a field of the comparison today.
fn value_of(card: &PersonCard, field: &str) -> Option<String> {
    match field {
        "name" => Some(card.name.clone()).filter(|name| !name.is_empty()),
        "given_name" => card.given_name.clone(),
        "family_name" => card.family_name.clone(),
        "birth_date" => card.birth_date.clone(),
        "address" => card.address.clone(),
        "city" => card.city.clone(),
        "postcode" => card.postcode.clone(),
        "gender" => card.gender.clone(),
        "region" => None,
        kind => card
            .identifiers
            .iter()
            .find(|key| key.kind == kind)
            .map(|key| key.value.clone()),
    }
}

#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MergePair {
    /// Which of the two goes on.
    winner_id: CustomerId,
}

/// Makes the two of a pair one customer.
#[utoipa::path(post, path = "/duplicates/{id}/merge", tag = "duplicates",
    extensions(("x-permission" = json!("duplicates.edit"))),
    params(("id" = PairId, Path)), request_body = MergePair,
    responses((status = 200, body = Merge), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn merge_pair(
    AppState(app): AppState<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<PairId>,
    JsonBody(body): JsonBody<MergePair>,
) -> Result<Json<Merge>> {
    let merge = app.db.post(&ctx, move |tx| {
        Box::pin(async move {
            let merge = actions::merge(tx, id, body.winner_id).await?;
            customers::merge_by_id(tx.conn(), merge).await
        })
    });
    Ok(Json(merge.await?))
}

/// Says that the two are two; no scan asks again.
#[utoipa::path(post, path = "/duplicates/{id}/dismiss", tag = "duplicates",
    extensions(("x-permission" = json!("duplicates.edit"))),
    params(("id" = PairId, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn dismiss_pair(
    AppState(app): AppState<App>,
    ctx: Ctx,
    UrlPath(id): UrlPath<PairId>,
) -> Result<StatusCode> {
    app.db
        .post(&ctx, move |tx| {
            Box::pin(async move { actions::dismiss(tx, id).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Looks for likely pairs among all customers; a scan under way is answered
/// instead of a second one.
#[utoipa::path(post, path = "/duplicates/scan", tag = "duplicates",
    extensions(("x-permission" = json!("duplicates.edit"))),
    responses((status = 202, body = Job), (status = 403, body = Problem)))]
async fn scan_pairs(AppState(app): AppState<App>, ctx: Ctx) -> Result<impl IntoResponse> {
    let job = app.db.post(&ctx, |tx| {
        Box::pin(async move {
            let id = actions::scan(tx).await?;
            Job::of(tx, id).await
        })
    });
    Ok((StatusCode::ACCEPTED, Json(job.await?)))
}

/// Routes of the review queue.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_pairs))
        .routes(routes!(merge_pair))
        .routes(routes!(dismiss_pair))
        .routes(routes!(scan_pairs))
}
