//! From a person's roles and place to what they may do.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use clientele_domain::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entity as user;
use crate::{
    access::{Access, Reach, Rows, Scope},
    app::App,
    ctx::{Actor, Ctx},
    entities::counter,
    error::Result,
    features::{
        organisation,
        roles::{self, Grants},
        stores::entity::store,
    },
};

/// What people may do, worked out once for every change of it. One per process.
#[derive(Default)]
pub struct AccessCache(Mutex<HashMap<i64, (i64, Arc<Access>)>>);

impl AccessCache {
    /// What a person may do at a version of everybody's rights.
    ///
    /// # Errors
    /// When the book fails.
    pub async fn of(
        &self,
        connection: &impl ConnectionTrait,
        user: &user::Model,
        version: i64,
    ) -> Result<Arc<Access>> {
        if let Some((known, access)) = self.kept().get(&user.id)
            && *known == version
        {
            return Ok(access.clone());
        }
        let access = Arc::new(access_of(connection, user).await?);
        self.kept().insert(user.id, (version, access.clone()));
        Ok(access)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<i64, (i64, Arc<Access>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version of everybody's rights.
///
/// # Errors
/// When the book fails.
pub async fn access_version(connection: &impl ConnectionTrait) -> Result<i64> {
    let version = counter::Entity::find_by_id("access")
        .one(connection)
        .await?;
    Ok(version.map_or(0, |row| row.value))
}

/// Somebody as the one who acts, in place of whoever acts now.
///
/// # Errors
/// When the book fails.
pub async fn acting(app: &App, ctx: &Ctx, user: &user::Model) -> Result<Ctx> {
    let version = access_version(app.db.read()).await?;
    Ok(Ctx {
        actor: Actor::User(UserId(user.id)),
        access: app.access.of(app.db.read(), user, version).await?,
        ..ctx.clone()
    })
}

/// What a person may do: the union of their roles, each as far as it reaches from
/// their place.
pub(super) async fn access_of(
    connection: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<Access> {
    let mut access = Access::default();
    let mut reached: HashMap<Reach, Scope> = HashMap::new();
    for grants in grants_of(connection, UserId(user.id)).await? {
        for (permission, reach) in roles::permissions(&grants) {
            let scope = match reached.get(&reach) {
                Some(scope) => scope.clone(),
                None => {
                    let scope = scope_of(connection, user, reach).await?;
                    reached.insert(reach, scope.clone());
                    scope
                }
            };
            access.grant(permission, scope);
        }
    }
    Ok(access)
}

async fn grants_of(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<Grants>> {
    let mut grants = Vec::new();
    for role in super::roles_of(connection, user).await? {
        // A role that is gone grants nothing.
        grants.extend(roles::grants_of(connection, &role).await?);
    }
    Ok(grants)
}

/// How far a reach goes from a person's place. Whom they look after themselves they
/// always reach.
async fn scope_of(
    connection: &impl ConnectionTrait,
    user: &user::Model,
    reach: Reach,
) -> Result<Scope> {
    let (mut stores, mut owners) = (Vec::new(), vec![user.id]);
    match reach {
        Reach::All => return Ok(Scope::All),
        Reach::Own => {}
        Reach::Reports => owners.extend(reports_of(connection, user.id).await?),
        Reach::Team => owners.extend(team_of(connection, user).await?),
        Reach::Store => stores.extend(user.store_id),
        Reach::Subtree => match (user.store_id, user.unit_id) {
            (Some(store), _) => stores.push(store),
            (None, Some(unit)) => stores = stores_below(connection, unit).await?,
            (None, None) => return Ok(Scope::All),
        },
    }
    Ok(Scope::of(Rows { stores, owners }))
}

/// Everybody who reports to somebody, directly or over others.
pub(super) async fn reports_of(
    connection: &impl ConnectionTrait,
    manager: i64,
) -> Result<BTreeSet<i64>> {
    let people: Vec<(i64, Option<i64>)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::ManagerId])
        .into_tuple()
        .all(connection)
        .await?;
    Ok(organisation::below(manager, &people))
}

async fn team_of(connection: &impl ConnectionTrait, user: &user::Model) -> Result<Vec<i64>> {
    let Some(team) = user.team_id else {
        return Ok(Vec::new());
    };
    let members = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::TeamId.eq(team));
    Ok(members.into_tuple().all(connection).await?)
}

/// The stores of a unit and of all units below it.
async fn stores_below(connection: &impl ConnectionTrait, top: i64) -> Result<Vec<i64>> {
    let units = organisation::with_below(connection, top).await?;
    let stores = store::Entity::find()
        .select_only()
        .column(store::Column::Id)
        .filter(store::Column::UnitId.is_in(units));
    Ok(stores.into_tuple().all(connection).await?)
}
