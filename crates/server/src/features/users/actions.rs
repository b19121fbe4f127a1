//! Creating, changing and deactivating people.

use std::collections::BTreeSet;

use clientele_domain::{
    email::{self, EmailOutcome},
    id::{StoreId, TeamId, UnitId, UserId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, NotSet, QueryFilter,
    QuerySelect, QueryTrait, Set, SqlErr, sea_query::Expr,
};
use serde_json::{Value, json};

use super::{
    access,
    entity::{self, held_role, invitation},
};
use crate::{
    db::{Tx, What, insert_all},
    error::{Error, Result},
    features::{
        organisation,
        roles::{self, ADMINISTRATOR},
        session::entity::{recovery_code, second_factor, session},
        stores::entity::store,
        tokens::entity as token,
    },
};

/// Where somebody works, and whom they report to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// A part of the organisation; neither this nor a store is the whole chain.
    pub unit_id: Option<UnitId>,
    /// A store.
    pub store_id: Option<StoreId>,
    /// Their team.
    pub team_id: Option<TeamId>,
    /// Whom they report to.
    pub manager_id: Option<UserId>,
}

/// A person to create; the password is hashed already.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// How they sign in.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// From [`super::hash_password`]; empty for somebody who will choose one over a link.
    pub password_hash: String,
    /// `en` or `zh`.
    pub language: String,
    /// Keys of built-in roles and ids of own ones.
    pub roles: BTreeSet<String>,
    /// Where they work.
    pub place: Place,
}

/// Creates a person.
///
/// # Errors
/// `beyond_own_rights`, or what does not fit.
pub async fn create(tx: &Tx, new: &NewUser) -> Result<UserId> {
    let email = sign_in_address(&new.email)?;
    if new.name.trim().is_empty() {
        return Err(Error::invalid("name", "name_missing", "Enter a name."));
    }
    check_language(&new.language)?;
    check_roles(tx, &new.roles).await?;
    check_place(tx, None, new.place).await?;
    let id = tx.ctx().next_id();
    let row = entity::ActiveModel {
        id: Set(id),
        email: Set(email),
        name: Set(new.name.trim().to_owned()),
        password_hash: Set(new.password_hash.clone()),
        language: Set(new.language.clone()),
        active: Set(true),
        created_at: Set(tx.ctx().now_micros()),
        version: Set(1),
        unit_id: Set(new.place.unit_id.map(|id| id.0)),
        store_id: Set(new.place.store_id.map(|id| id.0)),
        team_id: Set(new.place.team_id.map(|id| id.0)),
        manager_id: Set(new.place.manager_id.map(|id| id.0)),
    };
    let row = row
        .insert(tx.conn())
        .await
        .map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::invalid(
                "email",
                "email_taken",
                "Somebody already uses this e-mail address.",
            ),
            _ => error.into(),
        })?;
    give_roles(tx, UserId(id), &new.roles).await?;
    tx.ctx()
        .refuse_beyond_own(&access::access_of(tx.conn(), &row).await?)?;
    tx.changed("user", id, What::Created);
    let detail = json!({ "roles": new.roles, "place": place_of(&row) });
    tx.audit("create", "user", id, detail);
    tx.access_changed().await?;
    Ok(UserId(id))
}

/// What may change about a person; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub(super) struct UserChange {
    pub name: Option<String>,
    pub language: Option<String>,
    pub active: Option<bool>,
    pub password_hash: Option<String>,
    pub roles: Option<BTreeSet<String>>,
    pub unit_id: Option<Option<UnitId>>,
    pub store_id: Option<Option<StoreId>>,
    pub team_id: Option<Option<TeamId>>,
    pub manager_id: Option<Option<UserId>>,
}

/// Changes a person. A new password, other rights or a deactivation end every session
/// of theirs in the same transaction, and but for other rights every token.
pub(super) async fn change(tx: &Tx, id: UserId, version: i64, change: &UserChange) -> Result<()> {
    let row = super::by_id(tx.conn(), id)
        .await?
        .ok_or_else(|| Error::not_found("user"))?;
    if row.version != version {
        return Err(Error::stale());
    }
    if change.active == Some(false) && tx.ctx().actor_id() == id.0 {
        return Err(Error::conflict(
            "cannot_deactivate_self",
            "You cannot deactivate yourself. Ask another administrator.",
        ));
    }
    let access_before = access::access_of(tx.conn(), &row).await?;
    tx.ctx().refuse_beyond_own(&access_before)?;
    let mut changed = row.clone();
    if let Some(name) = &change.name {
        if name.trim().is_empty() {
            return Err(Error::invalid("name", "name_missing", "Enter a name."));
        }
        name.trim().clone_into(&mut changed.name);
    }
    if let Some(language) = &change.language {
        check_language(language)?;
        changed.language.clone_from(language);
    }
    changed.active = change.active.unwrap_or(row.active);
    if let Some(hash) = &change.password_hash {
        changed.password_hash.clone_from(hash);
    }
    let place = Place {
        unit_id: change.unit_id.unwrap_or(row.unit_id.map(UnitId)),
        store_id: change.store_id.unwrap_or(row.store_id.map(StoreId)),
        team_id: change.team_id.unwrap_or(row.team_id.map(TeamId)),
        manager_id: change.manager_id.unwrap_or(row.manager_id.map(UserId)),
    };
    check_place(tx, Some(id), place).await?;
    changed.unit_id = place.unit_id.map(|id| id.0);
    changed.store_id = place.store_id.map(|id| id.0);
    changed.team_id = place.team_id.map(|id| id.0);
    changed.manager_id = place.manager_id.map(|id| id.0);
    changed.version = version + 1;
    let mut update = changed.clone().into_active_model().reset_all();
    update.id = NotSet;
    let outcome = entity::Entity::update_many()
        .set(update)
        .filter(entity::Column::Id.eq(id.0))
        .filter(entity::Column::Version.eq(version))
        .exec(tx.conn())
        .await?;
    if outcome.rows_affected == 0 {
        return Err(Error::stale());
    }
    let roles_before = super::roles_of(tx.conn(), id).await?;
    if let Some(roles) = &change.roles {
        check_roles(tx, roles).await?;
        give_roles(tx, id, roles).await?;
    }
    let access_after = access::access_of(tx.conn(), &changed).await?;
    tx.ctx().refuse_beyond_own(&access_after)?;
    refuse_without_administrator(tx).await?;
    tx.access_changed().await?;
    let closes = change.password_hash.is_some() || change.active == Some(false);
    if closes {
        end_all(tx, id).await?;
    } else if access_after != access_before {
        end_sessions(tx, id).await?;
        // Whoever made it may have less than the person has now.
        end_link(tx, id).await?;
    }
    tx.changed("user", id.0, What::Updated);
    let told = |row: &entity::Model, roles: &BTreeSet<String>| {
        json!({
            "language": row.language,
            "active": row.active,
            "roles": roles,
            "place": place_of(row),
        })
    };
    let detail = json!({
        "before": told(&row, &roles_before),
        "after": told(&changed, change.roles.as_ref().unwrap_or(&roles_before)),
        "name": change.name.is_some(),
        "password": change.password_hash.is_some(),
    });
    tx.audit("update", "user", id.0, detail);
    Ok(())
}

/// Takes a person out of the chain: they may not sign in any more, and whoever reported
/// to them reports to the successor. One of their own people who succeeds them reports to
/// whom they reported to. Answers how many report to somebody else now.
///
/// # Errors
/// `successor_unknown`, or what [`change`] answers.
pub async fn leave(tx: &Tx, id: UserId, version: i64, successor: Option<UserId>) -> Result<u64> {
    if let Some(successor) = successor {
        check_successor(tx, id, successor).await?;
    }
    let leaver = super::by_id(tx.conn(), id).await?;
    let above = leaver.and_then(|row| row.manager_id);
    let below = access::reports_of(tx.conn(), id.0).await?;
    let direct = entity::Entity::find()
        .filter(entity::Column::ManagerId.eq(id.0))
        .all(tx.conn())
        .await?;
    let is_below = |successor: &UserId| below.contains(&successor.0);
    if let Some(successor) = successor.filter(is_below) {
        report_to(tx, successor.0, above).await?;
    }
    let others = direct
        .iter()
        .filter(|row| Some(UserId(row.id)) != successor);
    for row in others {
        report_to(tx, row.id, successor.map(|next| next.0)).await?;
    }
    let leaving = UserChange {
        active: Some(false),
        ..UserChange::default()
    };
    change(tx, id, version, &leaving).await?;
    Ok(direct.len() as u64)
}

/// Refuses a successor who is nobody, may not sign in, or is the leaver.
async fn check_successor(tx: &Tx, id: UserId, successor: UserId) -> Result<()> {
    let row = super::by_id(tx.conn(), successor).await?;
    if successor != id && row.is_some_and(|row| row.active) {
        return Ok(());
    }
    let detail = "Choose somebody else who may sign in.";
    Err(Error::invalid("successor_id", "successor_unknown", detail))
}

async fn report_to(tx: &Tx, id: i64, manager: Option<i64>) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(entity::Column::ManagerId, Expr::value(manager))
        .col_expr(
            entity::Column::Version,
            Expr::col(entity::Column::Version).add(1),
        )
        .filter(entity::Column::Id.eq(id))
        .exec(tx.conn())
        .await?;
    tx.changed("user", id, What::Updated);
    Ok(())
}

/// A place as the audit log tells of it.
fn place_of(row: &entity::Model) -> Value {
    json!({
        "unit_id": row.unit_id.map(UnitId),
        "store_id": row.store_id.map(StoreId),
        "team_id": row.team_id.map(TeamId),
        "manager_id": row.manager_id.map(UserId),
    })
}

async fn check_roles(tx: &Tx, roles: &BTreeSet<String>) -> Result<()> {
    for role in roles {
        if roles::grants_of(tx.conn(), role).await?.is_none() {
            let detail = format!("There is no role {role}.");
            return Err(Error::invalid("roles", "role_unknown", detail));
        }
    }
    Ok(())
}

/// Refuses what is not there, and whoever would report to themselves.
async fn check_place(tx: &Tx, own: Option<UserId>, place: Place) -> Result<()> {
    organisation::check_unit(tx.conn(), "unit_id", place.unit_id).await?;
    organisation::check_team(tx.conn(), place.team_id).await?;
    if let Some(store) = place.store_id {
        let found = store::Entity::find_by_id(store.0).one(tx.conn()).await?;
        if found.is_none() {
            let detail = "There is no such store.";
            return Err(Error::invalid("store_id", "store_unknown", detail));
        }
    }
    let Some(manager) = place.manager_id else {
        return Ok(());
    };
    if super::by_id(tx.conn(), manager).await?.is_none() {
        let detail = "There is no such person.";
        return Err(Error::invalid("manager_id", "manager_unknown", detail));
    }
    let Some(own) = own else { return Ok(()) };
    let below = access::reports_of(tx.conn(), own.0).await?;
    if manager == own || below.contains(&manager.0) {
        let detail = "Nobody reports to themselves, nor to those who report to them.";
        return Err(Error::invalid("manager_id", "manager_circle", detail));
    }
    Ok(())
}

async fn give_roles(tx: &Tx, id: UserId, roles: &BTreeSet<String>) -> Result<()> {
    held_role::Entity::delete_many()
        .filter(held_role::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    let rows = roles.iter().map(|role| held_role::ActiveModel {
        user_id: Set(id.0),
        role: Set(role.clone()),
    });
    insert_all::<held_role::Entity, _>(tx.conn(), rows).await
}

/// Refuses to leave nobody who may do everything.
async fn refuse_without_administrator(tx: &Tx) -> Result<()> {
    let administrators = held_role::Entity::find()
        .select_only()
        .column(held_role::Column::UserId)
        .filter(held_role::Column::Role.eq(ADMINISTRATOR))
        .into_query();
    let left = entity::Entity::find()
        .filter(entity::Column::Active.eq(true))
        .filter(entity::Column::Id.in_subquery(administrators))
        .limit(1)
        .one(tx.conn())
        .await?;
    match left {
        Some(_) => Ok(()),
        None => Err(Error::conflict(
            "last_administrator",
            "Somebody must stay who may do everything. Make another one administrator first.",
        )),
    }
}

fn check_language(language: &str) -> Result<()> {
    if ["en", "zh"].contains(&language) {
        Ok(())
    } else {
        Err(Error::invalid(
            "language",
            "language_unknown",
            "Choose en or zh.",
        ))
    }
}

/// Changes one's own language.
///
/// # Errors
/// `language_unknown`.
pub async fn set_language(tx: &Tx, id: UserId, language: String) -> Result<()> {
    check_language(&language)?;
    entity::Entity::update_many()
        .set(entity::ActiveModel {
            language: Set(language),
            ..Default::default()
        })
        .filter(entity::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    tx.changed("user", id.0, What::Updated);
    Ok(())
}

/// Takes a new password of a person's own choice, which ends every session, token and link
/// of theirs.
///
/// # Errors
/// When the book fails.
pub async fn set_password(tx: &Tx, id: UserId, password_hash: &str) -> Result<()> {
    entity::Entity::update_many()
        .set(entity::ActiveModel {
            password_hash: Set(password_hash.to_owned()),
            ..Default::default()
        })
        .col_expr(
            entity::Column::Version,
            Expr::col(entity::Column::Version).add(1),
        )
        .filter(entity::Column::Id.eq(id.0))
        .exec(tx.conn())
        .await?;
    end_all(tx, id).await?;
    tx.changed("user", id.0, What::Updated);
    tx.audit("change_password", "user", id.0, json!({}));
    Ok(())
}

/// Takes the second factor of somebody who has lost it; their password alone lets them in
/// from now on. Whoever is signed in with it is signed out.
///
/// # Errors
/// `not_found`, `beyond_own_rights`.
pub async fn reset_second_factor(tx: &Tx, id: UserId) -> Result<()> {
    let row = super::by_id(tx.conn(), id)
        .await?
        .ok_or_else(|| Error::not_found("user"))?;
    let access = access::access_of(tx.conn(), &row).await?;
    tx.ctx().refuse_beyond_own(&access)?;
    second_factor::Entity::delete_by_id(id.0)
        .exec(tx.conn())
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    end_sessions(tx, id).await?;
    tx.changed("user", id.0, What::Updated);
    tx.audit("reset_second_factor", "user", id.0, json!({}));
    Ok(())
}

async fn end_sessions(tx: &Tx, id: UserId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn end_link(tx: &Tx, id: UserId) -> Result<()> {
    invitation::Entity::delete_by_id(id.0)
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Ends every session, token and link of a person.
pub(super) async fn end_all(tx: &Tx, id: UserId) -> Result<()> {
    end_sessions(tx, id).await?;
    end_link(tx, id).await?;
    token::Entity::delete_many()
        .filter(token::Column::UserId.eq(id.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The address somebody signs in with. Unlike a customer's it may belong to a
/// role: `admin@` and `info@` are good names for an account.
fn sign_in_address(text: &str) -> Result<String> {
    let address = text.trim().to_lowercase();
    match email::normalize(text) {
        EmailOutcome::Valid(address) | EmailOutcome::Relay(address) => Ok(address),
        EmailOutcome::Placeholder if address.contains('@') => Ok(address),
        _ => Err(Error::invalid(
            "email",
            "email_invalid",
            "This is not an e-mail address.",
        )),
    }
}
