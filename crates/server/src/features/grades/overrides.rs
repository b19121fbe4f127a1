//! What people decide for single customers: a manual level with reason and end,
//! and a floor. A decision shows at once; the next grading keeps it.

use clientele_domain::{
    id::CustomerId,
    tier::{Override, Scheme},
};
use jiff::civil::Date;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::OnConflict};
use serde_json::json;

use super::{
    as_of,
    entity::grade,
    history::{self, Move},
    kept::Kept,
    plan::put_outcome,
    store, write,
};
use crate::{
    access::Permission,
    db::{Tx, What},
    error::{Error, Result},
    features::{
        customers::entity::customer,
        settings,
        tiers::{self, entity::tier_override},
    },
};

/// Replaces the decision for a customer, over the customer's version that was
/// read.
pub(super) async fn put(tx: &Tx, id: CustomerId, version: i64, decided: &Override) -> Result<()> {
    // Whom one may not see one does not grade.
    let scope = tx.ctx().scope(Permission::CustomersSee);
    let person = store::customer(tx.conn(), scope, id).await?;
    if person.golden_id != person.id {
        return Err(Error::conflict(
            "customer_merged",
            "This record was merged into another customer. Decide there.",
        )
        .with("customer_id", CustomerId(person.golden_id).to_string()));
    }
    let scheme = tiers::published(tx.conn()).await?.scheme;
    let settings = settings::load(tx.conn()).await?;
    check(&scheme, decided, as_of::today(&settings, tx.ctx().now()))?;
    touch(tx, id, version).await?;
    keep(tx, id, decided).await?;
    judge_again(tx, id, decided).await?;
    tx.audit(
        "override",
        "customer",
        id.0,
        json!({
            "manual_tier": decided.manual_tier,
            "manual_until": decided.manual_until,
            "floor_tier": decided.floor_tier,
        }),
    );
    Ok(())
}

fn check(scheme: &Scheme, decided: &Override, today: Date) -> Result<()> {
    let known = |field: &str, code: &str| match code.is_empty() || scheme.rank(code) > 0 {
        true => Ok(()),
        false => {
            let detail = "Choose a level of the scheme in force.";
            Err(Error::invalid(field, "tier_unknown", detail).with("tier", code))
        }
    };
    known("manual_tier", &decided.manual_tier)?;
    known("floor_tier", &decided.floor_tier)?;
    if !decided.manual_tier.is_empty() && decided.manual_reason.is_empty() {
        let detail = "Say why the level is given by hand.";
        return Err(Error::invalid("manual_reason", "reason_missing", detail));
    }
    if decided.manual_until.is_some_and(|until| until < today) {
        let detail = "Choose today or a later day.";
        return Err(Error::invalid("manual_until", "date_in_past", detail));
    }
    Ok(())
}

/// The decision is an edit of the customer, so it moves their version.
async fn touch(tx: &Tx, id: CustomerId, version: i64) -> Result<()> {
    let outcome = customer::Entity::update_many()
        .set(customer::ActiveModel {
            version: Set(version + 1),
            edited_at: Set(Some(tx.ctx().now_micros())),
            ..Default::default()
        })
        .filter(customer::Column::Id.eq(id.0))
        .filter(customer::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    tx.changed("customer", id.0, What::Updated);
    Ok(())
}

async fn keep(tx: &Tx, id: CustomerId, decided: &Override) -> Result<()> {
    use tier_override::Column as C;
    let known = tiers::decided_for(tx.conn(), id.0).await?;
    let row = tier_override::ActiveModel {
        customer_id: Set(id.0),
        manual_tier: Set(decided.manual_tier.clone()),
        manual_reason: Set(decided.manual_reason.clone()),
        manual_until: Set(decided
            .manual_until
            .map_or_else(String::new, |date| date.to_string())),
        floor_tier: Set(decided.floor_tier.clone()),
        actor: Set(tx.ctx().actor_id()),
        at: Set(tx.ctx().now_micros()),
        version: Set(known.map_or(0, |row| row.version) + 1),
    };
    let replace = OnConflict::column(C::CustomerId)
        .update_columns([
            C::ManualTier,
            C::ManualReason,
            C::ManualUntil,
            C::FloorTier,
            C::Actor,
            C::At,
            C::Version,
        ])
        .to_owned();
    tier_override::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Judges the figures of the last grading again; a customer whom no grading has
/// seen yet waits for the first.
async fn judge_again(tx: &Tx, id: CustomerId, decided: &Override) -> Result<()> {
    let row = grade::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    let Some(before) = row else { return Ok(()) };
    let Some(as_of) = store::graded_as_of(tx.conn()).await? else {
        return Ok(());
    };
    let Some(kept) = Kept::of_row(&before, as_of)? else {
        return Ok(());
    };
    let scheme = tiers::scheme_of(tx.conn(), kept.version).await?.scheme;
    let kept = Kept {
        decided: decided.clone(),
        ..kept
    };
    let since = before.tier_since.parse().unwrap_or(as_of);
    let outcome = kept.judge(&scheme, &before.tier, since, as_of);
    let mut row = before.clone();
    put_outcome(&mut row, &outcome);
    let kept = Kept {
        earned: outcome.earned,
        ..kept
    };
    row.why = kept.row_text()?;
    if row == before {
        return Ok(());
    }
    if row.tier != before.tier {
        let change = Move {
            from: &before.tier,
            to: &row,
            kept: &kept,
            as_of,
        };
        history::append(tx, tx.ctx().next_id(), &[change]).await?;
    }
    write::upsert(tx, vec![row]).await?;
    tx.changed("grade", id.0, What::Updated);
    Ok(())
}
