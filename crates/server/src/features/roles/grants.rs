//! What a role grants, and the roles that every chain has.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    access::{Permission, ROWS, Reach},
    error::{Error, Result},
};

/// What a role may do with one noun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `see`, `create`, `edit`, `delete`, `assign`, `export`, `approve`: those that the
    /// noun has.
    pub actions: BTreeSet<String>,
    /// With which rows; `all` for nouns without rows of their own.
    pub reach: Reach,
}

/// What a role may do, by noun.
pub type Grants = BTreeMap<String, Grant>;

/// The permissions of grants with how far each reaches.
pub fn permissions(grants: &Grants) -> impl Iterator<Item = (Permission, Reach)> {
    grants.iter().flat_map(|(noun, grant)| {
        let of_noun = move |action: &String| Permission::parse(&format!("{noun}.{action}"));
        let permissions = grant.actions.iter().filter_map(of_noun);
        permissions.map(|permission| (permission, grant.reach))
    })
}

/// Refuses what no noun has.
///
/// # Errors
/// `grant_unknown`, `reach_unknown`, `see_missing`.
pub(super) fn check(grants: &Grants) -> Result<()> {
    for (noun, grant) in grants {
        for action in &grant.actions {
            if Permission::parse(&format!("{noun}.{action}")).is_none() {
                let detail = format!("There is no such right: {noun}.{action}.");
                return Err(Error::invalid("grants", "grant_unknown", detail));
            }
        }
        if grant.reach != Reach::All && !ROWS.contains(&noun.as_str()) {
            let detail = format!("Rights on {noun} are for all of them or none.");
            return Err(Error::invalid("grants", "reach_unknown", detail));
        }
        let sees = format!("{noun}.see");
        let may_see = grant.actions.contains("see") || Permission::parse(&sees).is_none();
        if !grant.actions.is_empty() && !may_see {
            let detail = format!("Who may do anything with {noun} must see them: add see.");
            return Err(Error::invalid("grants", "see_missing", detail));
        }
    }
    Ok(())
}

/// The role that may do everything; somebody always has it.
pub const ADMINISTRATOR: &str = "administrator";

/// A noun, its actions, and how far they reach.
type Line = (&'static str, &'static str, Reach);

/// The roles every chain has, by their keys.
const BUILT_IN: [(&str, &[Line]); 9] = [
    (ADMINISTRATOR, &[]),
    (
        "head_of_crm",
        &[
            ("customers", "see create edit assign export", Reach::All),
            ("orders", "see", Reach::All),
            ("reports", "see", Reach::All),
            ("duplicates", "see edit", Reach::All),
            ("tiers", "see edit assign approve", Reach::All),
            ("imports", "see create edit delete", Reach::All),
            ("products", "see", Reach::All),
            ("stores", "see create edit", Reach::All),
            ("jobs", "see edit", Reach::All),
            ("settings", "see", Reach::All),
            ("people", "see", Reach::All),
            ("tokens", "create", Reach::All),
        ],
    ),
    (
        "analyst",
        &[
            ("customers", "see export", Reach::All),
            ("orders", "see", Reach::All),
            ("reports", "see", Reach::All),
            ("duplicates", "see", Reach::All),
            ("tiers", "see edit", Reach::All),
            ("imports", "see", Reach::All),
            ("products", "see", Reach::All),
            ("stores", "see", Reach::All),
            ("jobs", "see", Reach::All),
            ("settings", "see", Reach::All),
            ("tokens", "create", Reach::All),
        ],
    ),
    (
        "marketer",
        &[
            ("customers", "see", Reach::All),
            ("orders", "see", Reach::All),
            ("reports", "see", Reach::All),
            ("tiers", "see", Reach::All),
            ("products", "see", Reach::All),
            ("stores", "see", Reach::All),
        ],
    ),
    (
        "store_manager",
        &[
            ("customers", "see create edit assign", Reach::Subtree),
            ("orders", "see", Reach::Subtree),
            ("reports", "see", Reach::Subtree),
            ("products", "see", Reach::All),
        ],
    ),
    (
        "clerk",
        &[
            ("customers", "see create edit", Reach::Store),
            ("orders", "see", Reach::Store),
            ("products", "see", Reach::All),
        ],
    ),
    (
        "service_agent",
        &[
            ("customers", "see edit", Reach::All),
            ("orders", "see", Reach::All),
            ("products", "see", Reach::All),
            ("stores", "see", Reach::All),
        ],
    ),
    (
        "sales_rep",
        &[
            ("customers", "see create edit", Reach::Own),
            ("orders", "see", Reach::Own),
            ("products", "see", Reach::All),
        ],
    ),
    (
        "auditor",
        &[
            ("audit", "see export", Reach::All),
            ("people", "see", Reach::All),
            ("settings", "see", Reach::All),
            ("imports", "see", Reach::All),
            ("jobs", "see", Reach::All),
            ("backups", "see", Reach::All),
            ("system", "see", Reach::All),
        ],
    ),
];

/// The built-in roles by their keys, in the order in which they are offered.
pub(super) fn built_in() -> impl Iterator<Item = (&'static str, Grants)> {
    BUILT_IN.iter().map(|(key, grants)| match *key {
        ADMINISTRATOR => (*key, everything()),
        _ => (*key, spelled_out(grants)),
    })
}

fn everything() -> Grants {
    let mut grants = Grants::new();
    for permission in Permission::ALL {
        let (noun, action) = permission.parts();
        let grant = grants.entry(noun.to_owned()).or_insert_with(|| Grant {
            actions: BTreeSet::new(),
            reach: Reach::All,
        });
        grant.actions.insert(action.to_owned());
    }
    grants
}

fn spelled_out(grants: &[Line]) -> Grants {
    let grant = |(noun, actions, reach): &Line| {
        let actions = actions.split(' ').map(str::to_owned).collect();
        let reach = *reach;
        ((*noun).to_owned(), Grant { actions, reach })
    };
    grants.iter().map(grant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_roles_grant_what_there_is() {
        for (key, grants) in built_in() {
            assert!(check(&grants).is_ok(), "{key}");
            let named: usize = grants.values().map(|grant| grant.actions.len()).sum();
            assert_eq!(permissions(&grants).count(), named, "{key}");
        }
        let (_, all) = built_in().next().unwrap();
        assert_eq!(permissions(&all).count(), Permission::ALL.len());
    }

    #[test]
    fn what_no_noun_has_is_refused() {
        for (noun, actions, reach) in [
            ("customers", "see burn", Reach::All),
            ("dragons", "see", Reach::All),
            ("products", "see", Reach::Store),
            ("customers", "edit", Reach::All),
        ] {
            let grants = spelled_out(&[(noun, actions, reach)]);
            assert!(check(&grants).is_err(), "{noun} {actions}");
        }
    }
}
