//! Which document belongs to which sale.
//!
//! A document belongs to a sale when its `original_id` leads there, directly or
//! over one document in between (a refund of the second half of an exchange).
//! The sale must be one without an original itself and in the same currency;
//! else the document stands alone.
//!
//! Few documents name an original, so only they and the ones they name are kept in
//! memory while the table is passed by, and nothing is joined.

use deltalake::datafusion::prelude::SessionContext;

use crate::Result;
use crate::columns::{each, integers};
use crate::numbers::{IdMap, IdSet};

/// What is to be known of a document to follow its links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) original_id: Option<i64>,
    pub(crate) is_sale: bool,
    /// The number of its currency.
    pub(crate) currency: u32,
}

/// The documents that others name, as far as they have been passed by.
#[derive(Default)]
pub(crate) struct Links {
    wanted: IdSet,
    known: IdMap<Node>,
}

const NAMED: &str = "SELECT original_id FROM orders WHERE original_id IS NOT NULL";

const HALVES: &str = "
    SELECT id FROM orders WHERE kind = 'sale' AND original_id IS NOT NULL LIMIT 1";

impl Links {
    /// Finds out which documents others name.
    pub(crate) async fn all(session: &SessionContext) -> Result<Self> {
        let mut wanted = IdSet::default();
        each(session, NAMED, Vec::new(), |batch| {
            wanted.extend(integers(batch, "original_id")?.values());
            Ok(())
        })
        .await?;
        Ok(Self {
            wanted,
            known: IdMap::default(),
        })
    }

    /// The same where only second halves of exchanges matter: nothing where there are
    /// none.
    pub(crate) async fn of_exchanges(session: &SessionContext) -> Result<Self> {
        let mut are_there = false;
        each(session, HALVES, Vec::new(), |batch| {
            are_there |= batch.num_rows() > 0;
            Ok(())
        })
        .await?;
        match are_there {
            true => Self::all(session).await,
            false => Ok(Self::default()),
        }
    }

    /// Whether no document names another.
    pub(crate) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether others name this document, which is then to be [noted](Self::note).
    pub(crate) fn is_named(&self, id: i64) -> bool {
        self.wanted.contains(&id)
    }

    /// Notes a document that others name.
    pub(crate) fn note(&mut self, id: i64, node: Node) {
        self.known.insert(id, node);
    }

    /// The sale that a document belongs to, once all are noted.
    pub(crate) fn sale_of(&self, part: Node) -> Option<i64> {
        let named = part.original_id?;
        let sale_id = self.known.get(&named)?.original_id.unwrap_or(named);
        let sale = self.known.get(&sale_id)?;
        let fits = sale.is_sale && sale.original_id.is_none() && sale.currency == part.currency;
        fits.then_some(sale_id)
    }
}
