//! What lies below what.

use std::collections::BTreeSet;

use clientele_domain::id::{TeamId, UnitId};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::entity::{team, unit};
use crate::error::{Error, Result};

/// A unit and all units below it.
///
/// # Errors
/// When the book fails.
pub async fn with_below(connection: &impl ConnectionTrait, top: i64) -> Result<BTreeSet<i64>> {
    let units: Vec<(i64, Option<i64>)> = unit::Entity::find()
        .select_only()
        .columns([unit::Column::Id, unit::Column::ParentId])
        .into_tuple()
        .all(connection)
        .await?;
    let mut all = below(top, &units);
    all.insert(top);
    Ok(all)
}

/// Refuses a unit that is not there.
///
/// # Errors
/// `unit_unknown`, told of a field.
pub async fn check_unit(
    connection: &impl ConnectionTrait,
    field: &str,
    id: Option<UnitId>,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match unit::Entity::find_by_id(id.0).one(connection).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid(
            field,
            "unit_unknown",
            "There is no such part of the organisation.",
        )),
    }
}

/// Refuses a team that is not there.
///
/// # Errors
/// `team_unknown`.
pub async fn check_team(connection: &impl ConnectionTrait, id: Option<TeamId>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match team::Entity::find_by_id(id.0).one(connection).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid(
            "team_id",
            "team_unknown",
            "There is no such team.",
        )),
    }
}

/// Everything below a node, the node itself not; whatever runs in a circle is met once.
pub fn below(top: i64, nodes: &[(i64, Option<i64>)]) -> BTreeSet<i64> {
    let (mut found, mut next) = (BTreeSet::new(), vec![top]);
    while let Some(parent) = next.pop() {
        for (node, _) in nodes.iter().filter(|(_, above)| *above == Some(parent)) {
            if *node != top && found.insert(*node) {
                next.push(*node);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_below_is_found_and_circles_end() {
        let nodes = [
            (1, None),
            (2, Some(1)),
            (3, Some(2)),
            (4, None),
            (5, Some(6)),
            (6, Some(5)),
        ];
        assert_eq!(below(1, &nodes), BTreeSet::from([2, 3]));
        assert_eq!(below(3, &nodes), BTreeSet::new());
        assert_eq!(below(5, &nodes), BTreeSet::from([6]));
    }
}
