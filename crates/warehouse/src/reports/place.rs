//! Which part of the chain a report is about.

use crate::Result;
use crate::columns::{each, integers};
use crate::numbers::IdSet;
use crate::snapshot::Snapshot;

const STORES: &str = "SELECT id FROM stores WHERE country = $country";

/// Which part of the chain a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// One store only.
    pub store_id: Option<i64>,
    /// The stores of one country only, ISO 3166 alpha-2.
    pub country: Option<String>,
    /// These stores only.
    pub stores: Option<Vec<i64>>,
}

/// The stores of a place by their numbers.
pub(super) enum Here {
    /// The whole chain, and what was sold in no store.
    Everywhere,
    /// Of every number whether it is one of them.
    Some(Vec<bool>),
}

impl Here {
    /// Whether a store is one of them; [`NONE`](crate::projection::NONE) is in no place.
    pub(super) fn has(&self, store: u32) -> bool {
        match self {
            Here::Everywhere => true,
            Here::Some(stores) => stores.get(store as usize) == Some(&true),
        }
    }
}

impl Place {
    /// Whether it is the whole chain.
    pub(super) fn is_everywhere(&self) -> bool {
        *self == Self::default()
    }

    /// Its stores among those with numbers.
    pub(super) async fn among(&self, snapshot: &Snapshot, stores: &[i64]) -> Result<Here> {
        let of_country = match &self.country {
            Some(country) => Some(stores_in(snapshot, country).await?),
            None => None,
        };
        if self.is_everywhere() {
            return Ok(Here::Everywhere);
        }
        let is_here = |id: &i64| {
            self.store_id.is_none_or(|wanted| wanted == *id)
                && of_country.as_ref().is_none_or(|wanted| wanted.contains(id))
                && self
                    .stores
                    .as_ref()
                    .is_none_or(|wanted| wanted.contains(id))
        };
        Ok(Here::Some(stores.iter().map(is_here).collect()))
    }
}

async fn stores_in(snapshot: &Snapshot, country: &str) -> Result<IdSet> {
    let mut ids = IdSet::default();
    let session = snapshot.session().await?;
    let country = vec![("country", country.into())];
    each(&session, STORES, country, |batch| {
        ids.extend(integers(batch, "id")?.values().iter().copied());
        Ok(())
    })
    .await?;
    Ok(ids)
}
