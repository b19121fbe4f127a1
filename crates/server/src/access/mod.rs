//! What an actor may do, and with which rows.

pub mod rows;

use std::{collections::BTreeMap, sync::Arc};

/// Declares [`Permission`]: a noun and an action each.
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $noun:ident . $action:ident,)*) => {
        /// What may be done; roles are sets of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)*
        }

        impl Permission {
            /// Every permission, in the order of the role grid.
            pub const ALL: &[Permission] = &[$(Permission::$name,)*];

            /// The name used by the API.
            pub fn name(self) -> &'static str {
                match self {
                    $(Permission::$name => concat!(stringify!($noun), ".", stringify!($action)),)*
                }
            }
        }
    };
}

permissions! {
    /// Read customers, their orders' dates and their grades.
    CustomersSee = customers.see,
    /// Create customers.
    CustomersCreate = customers.create,
    /// Edit customers and their keys.
    CustomersEdit = customers.edit,
    /// Say whose customer somebody is.
    CustomersAssign = customers.assign,
    /// Take customers out of the program as a file.
    CustomersExport = customers.export,
    /// Read orders down to their lines.
    OrdersSee = orders.see,
    /// Read reports and figures.
    ReportsSee = reports.see,
    /// See likely duplicates.
    DuplicatesSee = duplicates.see,
    /// Merge, unmerge and dismiss duplicates.
    DuplicatesEdit = duplicates.edit,
    /// See the tier scheme, its draft and past gradings.
    TiersSee = tiers.see,
    /// Draft and simulate a tier scheme.
    TiersEdit = tiers.edit,
    /// Set one customer's tier by hand.
    TiersAssign = tiers.assign,
    /// Publish a tier scheme and run gradings.
    TiersApprove = tiers.approve,
    /// See imports and what they refused.
    ImportsSee = imports.see,
    /// Upload files, preview and start imports.
    ImportsCreate = imports.create,
    /// Cancel, resume and repeat imports.
    ImportsEdit = imports.edit,
    /// Undo imports.
    ImportsDelete = imports.delete,
    /// See products.
    ProductsSee = products.see,
    /// See stores and the organisation.
    StoresSee = stores.see,
    /// Create stores, and regions of the organisation.
    StoresCreate = stores.create,
    /// Edit stores and the organisation.
    StoresEdit = stores.edit,
    /// See jobs.
    JobsSee = jobs.see,
    /// Pause, cancel and repeat jobs.
    JobsEdit = jobs.edit,
    /// See the chain's choices and exchange rates.
    SettingsSee = settings.see,
    /// Change the chain's choices and exchange rates.
    SettingsEdit = settings.edit,
    /// See people and their roles.
    PeopleSee = people.see,
    /// Invite people.
    PeopleCreate = people.create,
    /// Change people, their roles and places.
    PeopleEdit = people.edit,
    /// Define own roles.
    RolesEdit = roles.edit,
    /// Make tokens for programs that act with one's own rights.
    TokensCreate = tokens.create,
    /// Read the audit log.
    AuditSee = audit.see,
    /// Take the audit log away as a file.
    AuditExport = audit.export,
    /// See backups and when they were proven.
    BackupsSee = backups.see,
    /// Make backups and try to restore them.
    BackupsCreate = backups.create,
    /// Watch the program itself.
    SystemSee = system.see,
}

impl Permission {
    /// The permission of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Permission::ALL.iter();
        all.find(|permission| permission.name() == name).copied()
    }

    /// What it is about, and what is done with it.
    pub fn parts(self) -> (&'static str, &'static str) {
        self.name().split_once('.').unwrap_or_default()
    }
}

/// The nouns of which roles may reach a part.
pub const ROWS: [&str; 3] = ["customers", "orders", "reports"];

/// How far a role reaches, from the nearest rows to all.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Customers whom the person looks after.
    Own,
    /// Also those of everybody who reports to them.
    Reports,
    /// Those of their team.
    Team,
    /// Those of their store.
    Store,
    /// Those of every store below their place.
    Subtree,
    /// All.
    All,
}

/// Rows that an actor may reach; every finder takes one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Every row of the chain.
    All,
    /// Some rows.
    Rows(Arc<Rows>),
    /// No row at all.
    #[default]
    Nothing,
}

/// Whose rows they are: one of these is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Stores by ascending ids.
    pub stores: Vec<i64>,
    /// People who look after customers, by ascending ids.
    pub owners: Vec<i64>,
}

impl Scope {
    /// Some rows, or none.
    pub fn of(mut rows: Rows) -> Self {
        for ids in [&mut rows.stores, &mut rows.owners] {
            ids.sort_unstable();
            ids.dedup();
        }
        match rows.stores.is_empty() && rows.owners.is_empty() {
            true => Scope::Nothing,
            false => Scope::Rows(Arc::new(rows)),
        }
    }

    /// Whether everything that another reaches is reached.
    pub fn covers(&self, other: &Self) -> bool {
        let all_in =
            |few: &[i64], many: &[i64]| few.iter().all(|id| many.binary_search(id).is_ok());
        match (self, other) {
            (Scope::All, _) | (_, Scope::Nothing) => true,
            (_, Scope::All) | (Scope::Nothing, _) => false,
            (Scope::Rows(own), Scope::Rows(rows)) => {
                all_in(&rows.stores, &own.stores) && all_in(&rows.owners, &own.owners)
            }
        }
    }

    /// What either reaches.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Scope::All, _) | (_, Scope::All) => Scope::All,
            (Scope::Nothing, rows) | (rows, Scope::Nothing) => rows,
            (Scope::Rows(some), Scope::Rows(others)) => Scope::of(Rows {
                stores: [&some.stores[..], &others.stores].concat(),
                owners: [&some.owners[..], &others.owners].concat(),
            }),
        }
    }
}

/// Everything an actor may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    held: BTreeMap<Permission, Scope>,
}

impl Access {
    /// The program itself may do everything.
    pub fn everything() -> Self {
        let all = Permission::ALL.iter();
        Access {
            held: all.map(|permission| (*permission, Scope::All)).collect(),
        }
    }

    /// Adds a permission for some rows to what is held.
    pub fn grant(&mut self, permission: Permission, scope: Scope) {
        let held = self.held.remove(&permission).unwrap_or_default();
        match held.or(scope) {
            Scope::Nothing => {}
            scope => {
                self.held.insert(permission, scope);
            }
        }
    }

    /// The same with the permissions of these names only.
    #[must_use]
    pub fn only(&self, names: &[String]) -> Self {
        let mut held = self.held.clone();
        held.retain(|permission, _| names.iter().any(|name| name == permission.name()));
        Access { held }
    }

    /// Whether a permission is held, for some rows at least.
    pub fn holds(&self, permission: Permission) -> bool {
        self.held.contains_key(&permission)
    }

    /// The rows for which a permission is held.
    pub fn scope(&self, permission: Permission) -> &Scope {
        self.held.get(&permission).unwrap_or(&Scope::Nothing)
    }

    /// Whether all that another may do may be done.
    pub fn covers(&self, other: &Self) -> bool {
        let mut held = other.held.iter();
        held.all(|(permission, scope)| self.scope(*permission).covers(scope))
    }

    /// Everything that is held.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.held.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(stores: &[i64], owners: &[i64]) -> Scope {
        Scope::of(Rows {
            stores: stores.to_vec(),
            owners: owners.to_vec(),
        })
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.name()), Some(*permission));
        }
        assert_eq!(Permission::parse("customers.burn"), None);
        assert_eq!(Permission::CustomersSee.parts(), ("customers", "see"));
    }

    #[test]
    fn several_roles_give_the_union() {
        let mut access = Access::default();
        assert_eq!(*access.scope(Permission::CustomersSee), Scope::Nothing);
        access.grant(Permission::CustomersSee, Scope::Nothing);
        assert!(!access.holds(Permission::CustomersSee));
        access.grant(Permission::CustomersSee, rows(&[3, 1], &[]));
        access.grant(Permission::CustomersSee, rows(&[1, 2], &[9]));
        assert_eq!(
            *access.scope(Permission::CustomersSee),
            rows(&[1, 2, 3], &[9])
        );
        access.grant(Permission::CustomersSee, Scope::All);
        assert_eq!(*access.scope(Permission::CustomersSee), Scope::All);
        assert!(!access.holds(Permission::CustomersEdit));
    }

    #[test]
    fn who_may_more_covers_who_may_less() {
        let access = |scope| {
            let mut access = Access::default();
            access.grant(Permission::CustomersSee, scope);
            access
        };
        let (all, two, one) = (
            access(Scope::All),
            access(rows(&[1, 2], &[])),
            access(rows(&[2], &[])),
        );
        assert!(all.covers(&two) && two.covers(&one) && one.covers(&Access::default()));
        assert!(!two.covers(&all) && !one.covers(&two) && !Access::default().covers(&one));
        assert!(!two.covers(&access(rows(&[1], &[7]))));
        assert!(Access::everything().covers(&all) && !all.covers(&Access::everything()));
    }
}
