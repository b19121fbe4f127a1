//! Editing and publishing schemes.

use axum::http::StatusCode;
use clientele_domain::tier::{Scheme, default_scheme, validate};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};

use super::{
    entity::scheme,
    store::{self, Published},
};
use crate::{
    db::{Tx, What},
    error::{Error, Result},
    features::settings,
};

/// Publishes the default scheme if no scheme is in force yet, or if the one in
/// force counts in another currency than the chain: that can only be one from
/// before the first orders. Without a reporting currency nothing is published.
///
/// # Errors
/// When the book fails.
pub async fn ensure_published(tx: &Tx) -> Result<Published> {
    let current = store::published(tx.conn()).await?;
    let code = settings::load(tx.conn()).await?.reporting_currency;
    if code.is_empty() || (current.version > 0 && current.scheme.currency.code() == code) {
        return Ok(current);
    }
    let scheme = default_scheme(store::currency(tx.conn()).await?);
    let version = store::next_version(tx.conn()).await?;
    retire(tx).await?;
    insert(tx, version, "published", &scheme).await?;
    tx.changed("tier_scheme", version, What::Created);
    Ok(Published { version, scheme })
}

/// Saves the draft over the edit it was read at, 0 for a new one; answers the
/// new edit.
pub(super) async fn save_draft(tx: &Tx, edit: i64, scheme: &Scheme) -> Result<i64> {
    check(tx, scheme).await?;
    match store::draft(tx.conn()).await? {
        None if edit == 0 => {
            let version = store::next_version(tx.conn()).await?;
            insert(tx, version, "draft", scheme).await?;
            tx.changed("tier_scheme", version, What::Created);
            tx.audit("draft", "tier_scheme", version, json!({ "edit": 1 }));
            Ok(1)
        }
        Some(draft) if draft.edit == edit => {
            scheme::Entity::update_many()
                .set(scheme::ActiveModel {
                    scheme: Set(serde_json::to_string(scheme)?),
                    edit: Set(edit + 1),
                    ..Default::default()
                })
                .filter(scheme::Column::Version.eq(draft.version))
                .exec(tx.conn())
                .await?;
            tx.changed("tier_scheme", draft.version, What::Updated);
            tx.audit(
                "draft",
                "tier_scheme",
                draft.version,
                json!({ "edit": edit + 1 }),
            );
            Ok(edit + 1)
        }
        _ => Err(Error::stale()),
    }
}

/// Throws the draft away.
pub(super) async fn delete_draft(tx: &Tx) -> Result<()> {
    let draft = store::draft_of(tx.conn()).await?;
    scheme::Entity::delete_by_id(draft.version)
        .exec(tx.conn())
        .await?;
    tx.changed("tier_scheme", draft.version, What::Deleted);
    tx.audit("discard", "tier_scheme", draft.version, json!({}));
    Ok(())
}

/// Puts the draft in force. Whoever calls this also has everybody graded anew.
///
/// # Errors
/// `not_found` without a draft, `scheme_invalid`.
pub async fn publish(tx: &Tx) -> Result<Published> {
    let draft = store::draft_of(tx.conn()).await?;
    check(tx, &draft.scheme).await?;
    retire(tx).await?;
    scheme::Entity::update_many()
        .set(scheme::ActiveModel {
            state: Set("published".to_owned()),
            published_at: Set(Some(tx.ctx().now_micros())),
            ..Default::default()
        })
        .filter(scheme::Column::Version.eq(draft.version))
        .exec(tx.conn())
        .await?;
    tx.changed("tier_scheme", draft.version, What::Updated);
    tx.audit("publish", "tier_scheme", draft.version, json!({}));
    Ok(Published {
        version: draft.version,
        scheme: draft.scheme,
    })
}

async fn retire(tx: &Tx) -> Result<()> {
    scheme::Entity::update_many()
        .set(scheme::ActiveModel {
            state: Set("retired".to_owned()),
            ..Default::default()
        })
        .filter(scheme::Column::State.eq("published"))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn insert(tx: &Tx, version: i64, state: &str, scheme: &Scheme) -> Result<()> {
    let now = tx.ctx().now_micros();
    let row = scheme::ActiveModel {
        version: Set(version),
        state: Set(state.to_owned()),
        scheme: Set(serde_json::to_string(scheme)?),
        edit: Set(1),
        created_by: Set(tx.ctx().actor_id()),
        created_at: Set(now),
        published_at: Set((state == "published").then_some(now)),
    };
    scheme::Entity::insert(row)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Refuses a scheme with everything that is wrong with it.
async fn check(tx: &Tx, scheme: &Scheme) -> Result<()> {
    let mut problems: Vec<Value> = validate(scheme)
        .into_iter()
        .map(|problem| json!({ "path": problem.path, "kind": problem.kind }))
        .collect();
    let code = settings::load(tx.conn()).await?.reporting_currency;
    if !code.is_empty() && scheme.currency.code() != code {
        problems.push(json!({ "path": "currency", "kind": "wrong_currency" }));
    }
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let path = first["path"].as_str().unwrap_or_default().to_owned();
    Err(Error::problem(
        StatusCode::UNPROCESSABLE_ENTITY,
        "scheme_invalid",
        "The scheme cannot be used yet. `params.problems` names every field at fault.",
    )
    .at(&path)
    .with("problems", problems))
}
