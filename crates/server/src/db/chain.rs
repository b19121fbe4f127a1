//! The audit log as a chain: the hash of an entry covers all of it and the hash of the
//! entry before, so that none can be edited, removed, added or moved without all later
//! ones telling.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    ctx::hex,
    entities::{audit_entry, counter},
    error::Result,
};

/// Entries read at a time.
const PAGE: u64 = 1_000;

/// The hash of an entry that follows one with the hash `before`, which is empty for the
/// first: SHA-256 of all fields as a JSON array, in lower-case hexadecimal.
pub fn link(before: &str, entry: &audit_entry::Model) -> String {
    let fields = json!([
        before,
        entry.seq,
        entry.at,
        entry.actor,
        entry.address,
        entry.action,
        entry.noun,
        entry.noun_id,
        entry.detail,
    ]);
    hex(&Sha256::digest(fields.to_string().as_bytes()))
}

/// The number and the hash of the last entry; zero and nothing before the first.
///
/// # Errors
/// When the book fails.
pub async fn last(connection: &impl ConnectionTrait) -> Result<(i64, String)> {
    let last: Option<(i64, String)> = audit_entry::Entity::find()
        .select_only()
        .columns([audit_entry::Column::Seq, audit_entry::Column::Hash])
        .order_by_desc(audit_entry::Column::Seq)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.unwrap_or_default())
}

/// Hashes what an older program has left.
pub(super) async fn seal(connection: &impl ConnectionTrait) -> Result<()> {
    let (mut before, mut last) = (String::new(), 0);
    loop {
        let page = page(connection, last).await?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        last = end.seq;
        for entry in page {
            before = link(&before, &entry);
            audit_entry::Entity::update_many()
                .col_expr(
                    audit_entry::Column::Hash,
                    sea_orm::sea_query::Expr::value(before.clone()),
                )
                .filter(audit_entry::Column::Seq.eq(entry.seq))
                .exec(connection)
                .await?;
        }
    }
}

/// Something about the log that cannot have come about by itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Tampering {
    /// An entry is not what was written, or stands where another one did.
    Changed {
        /// Its number.
        seq: i64,
    },
    /// Entries are gone.
    Missing {
        /// The first of them.
        from: i64,
        /// The last of them.
        to: i64,
    },
    /// An entry is not the one that was anchored outside the book, or is gone.
    Anchor {
        /// Its number.
        seq: i64,
    },
}

/// What an anchor says: an entry's number and its hash, kept outside the book.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Anchor {
    /// When it was written, RFC 3339.
    pub at: String,
    /// The number of the last entry then.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What walking along the whole log finds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// How many entries there are.
    pub entries: u64,
    /// The number and the hash of the last one.
    pub head: (i64, String),
    /// What is wrong with them.
    pub tampering: Vec<Tampering>,
}

/// Walks along the whole log, and compares it with anchors that were kept outside.
///
/// # Errors
/// When the book fails.
pub async fn verify(connection: &impl ConnectionTrait, anchors: &[Anchor]) -> Result<Verdict> {
    let (mut before, mut last, mut entries) = (String::new(), 0, 0);
    let mut tampering = Vec::new();
    // That there was no entry yet is true of every log.
    let mut anchors: Vec<&Anchor> = anchors.iter().filter(|anchor| anchor.seq > 0).collect();
    anchors.sort_unstable_by_key(|anchor| anchor.seq);
    let mut anchors = anchors.into_iter().peekable();
    loop {
        let page = page(connection, last).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            if entry.seq != last + 1 {
                let (from, to) = (last + 1, entry.seq - 1);
                tampering.push(Tampering::Missing { from, to });
            }
            let is_anchored = |anchor: &&Anchor| anchor.seq <= entry.seq;
            while let Some(anchor) = anchors.next_if(is_anchored) {
                if (anchor.seq, &anchor.hash) != (entry.seq, &entry.hash) {
                    tampering.push(Tampering::Anchor { seq: anchor.seq });
                }
            }
            if link(&before, &entry) != entry.hash {
                tampering.push(Tampering::Changed { seq: entry.seq });
            }
            (before, last) = (entry.hash, entry.seq);
            entries += 1;
        }
    }
    let written = counter::Entity::find_by_id("audit").one(connection).await?;
    let written = written.map_or(0, |row| row.value);
    if written > last {
        let (from, to) = (last + 1, written);
        tampering.push(Tampering::Missing { from, to });
    }
    tampering.extend(anchors.map(|anchor| Tampering::Anchor { seq: anchor.seq }));
    Ok(Verdict {
        entries,
        head: (last, before),
        tampering,
    })
}

async fn page(connection: &impl ConnectionTrait, after: i64) -> Result<Vec<audit_entry::Model>> {
    Ok(audit_entry::Entity::find()
        .filter(audit_entry::Column::Seq.gt(after))
        .order_by_asc(audit_entry::Column::Seq)
        .limit(PAGE)
        .all(connection)
        .await?)
}
