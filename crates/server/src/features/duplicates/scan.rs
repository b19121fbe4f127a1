//! The search for likely duplicates: everybody is read, compared in blocks, and
//! what was found is written in small transactions.
//!
//! Pairs beyond doubt are merged at once, unless people took them apart or
//! dismissed them; the others wait in the review queue. A scan that is killed
//! starts over and comes to the same end.

use std::collections::{HashMap, HashSet};

use clientele_domain::{
    id::CustomerId,
    linkage::{Pair, Person, Population, REVIEW, Weighed},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr,
};
use serde::Serialize;
use serde_json::json;

use super::{entity::pair, store::StoredEvidence};
use crate::{
    db::{Readers, Tx, What, insert_all},
    error::Result,
    features::{
        customers::{
            self, Cause,
            entity::{customer, identifier, merge},
        },
        grades,
    },
    jobs::{JobRun, Outcome},
};

/// Customers read at a time.
const READ: u64 = 5_000;
/// Pairs written in one transaction.
const WRITTEN: usize = 200;

/// What a scan found.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Found {
    /// Customers compared.
    people: usize,
    /// Pairs above the threshold.
    pairs: usize,
    /// Pairs merged at once.
    merged: usize,
    /// Pairs that are new in the queue.
    queued: usize,
    /// Pairs the queue had already.
    known: usize,
    /// Pairs that people have decided before.
    decided: usize,
}

/// Runs a scan.
///
/// # Errors
/// When the book fails.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    run.progress("reading", 0, 0).await?;
    let (ids, people) = read_people(run).await?;
    if let Some(outcome) = run.stop_here().await? {
        return Ok(outcome);
    }
    let count = people.len();
    run.progress("comparing", 0, count as i64).await?;
    let pairs = tokio::task::spawn_blocking(move || find_pairs(&people))
        .await
        .map_err(|error| anyhow::anyhow!("comparing ended: {error}"))?;
    let decided = Decided::load(run.app.db.read()).await?;
    let mut found = Found {
        people: count,
        pairs: pairs.len(),
        ..Found::default()
    };
    let total = pairs.len() as i64;
    for (at, chunk) in pairs.chunks(WRITTEN).enumerate() {
        if let Some(outcome) = run.stop_here().await? {
            return Ok(outcome);
        }
        let likely: Vec<Likely> = chunk
            .iter()
            .map(|pair| Likely::of(pair, &ids, &decided))
            .collect();
        let done = (at * WRITTEN + chunk.len()) as i64;
        let this = run.clone();
        let written = run
            .app
            .db
            .write(&run.ctx, move |tx| {
                let (run, likely) = (this.clone(), likely.clone());
                Box::pin(async move {
                    let written = write(tx, &likely).await?;
                    run.advance(tx, "writing", done, total).await?;
                    Ok(written)
                })
            })
            .await?;
        found.merged += written.merged;
        found.queued += written.queued;
        found.known += written.known;
        found.decided += written.decided;
        run.announce();
    }
    if found.merged > 0 {
        run.app
            .db
            .write(&run.ctx, |tx| {
                Box::pin(async move {
                    grades::enqueue_if_idle(tx).await?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok(Outcome::Done(json!(found)))
}

/// Compares everybody, each core a part of the candidates.
fn find_pairs(people: &[Person]) -> Vec<Pair> {
    let population = Population::of(people);
    let candidates = population.candidates();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = candidates.len().div_ceil(cores).max(1);
    let weighed: Vec<Weighed> = std::thread::scope(|scope| {
        let weigh = |part| population.weigh(part, REVIEW);
        let parts: Vec<_> = candidates
            .chunks(part)
            .map(|part| scope.spawn(move || weigh(part)))
            .collect();
        let weighed = parts.into_iter().map(|part| part.join());
        weighed
            .flat_map(|part| part.expect("comparing does not panic"))
            .collect()
    });
    population.pairs(&weighed, REVIEW)
}

/// Every customer as the comparison sees them, with their ids.
async fn read_people(run: &JobRun) -> Result<(Vec<i64>, Vec<Person>)> {
    let connection = run.app.db.read();
    let (mut ids, mut people) = (Vec::new(), Vec::new());
    let mut last = i64::MIN;
    loop {
        let rows = customer::Entity::find()
            .filter(customer::Column::Id.gt(last))
            .filter(
                Expr::col((customer::Entity, customer::Column::GoldenId))
                    .eq(Expr::col((customer::Entity, customer::Column::Id))),
            )
            .order_by_asc(customer::Column::Id)
            .limit(READ)
            .all(connection)
            .await?;
        let Some(newest) = rows.last() else {
            return Ok((ids, people));
        };
        let keys = keys_between(connection, &rows).await?;
        last = newest.id;
        for row in rows {
            ids.push(row.id);
            people.push(person(row, &keys));
        }
        run.progress("reading", ids.len() as i64, 0).await?;
        if let Some(Outcome::Cancelled | Outcome::Paused) = run.stop_here().await? {
            return Ok((ids, people));
        }
    }
}

type Keys = HashMap<(i64, String), String>;

/// One key of each kind for every customer of a page, the earliest.
async fn keys_between(connection: &Readers, rows: &[customer::Model]) -> Result<Keys> {
    let found = identifier::Entity::find()
        .filter(identifier::Column::CustomerId.is_in(rows.iter().map(|row| row.id)))
        .filter(identifier::Column::Kind.is_in(["phone", "email", "national_id"]))
        .order_by_asc(identifier::Column::Id)
        .all(connection)
        .await?;
    let mut keys = Keys::new();
    for key in found {
        keys.entry((key.customer_id, key.kind)).or_insert(key.value);
    }
    Ok(keys)
}

fn person(row: customer::Model, keys: &Keys) -> Person {
    let key = |kind: &str| {
        keys.get(&(row.id, kind.to_owned()))
            .cloned()
            .unwrap_or_default()
    };
    Person {
        phone: key("phone"),
        email: key("email"),
        national_id: key("national_id"),
        region: String::new(),
        name: row.name,
        given_name: row.given_name,
        family_name: row.family_name,
        birth_date: row.birth_date,
        address: row.address,
        city: row.city,
        postcode: row.postcode,
    }
}

/// What people have said: pairs dismissed, and merges taken apart.
struct Decided {
    dismissed: HashSet<(i64, i64)>,
    parted: HashSet<(i64, i64)>,
}

impl Decided {
    async fn load(connection: &Readers) -> Result<Self> {
        let dismissed: Vec<(i64, i64)> = pair::Entity::find()
            .select_only()
            .column(pair::Column::LeftId)
            .column(pair::Column::RightId)
            .filter(pair::Column::State.eq("dismissed"))
            .into_tuple()
            .all(connection)
            .await?;
        let parted: Vec<(i64, i64)> = merge::Entity::find()
            .select_only()
            .column(merge::Column::WinnerId)
            .column(merge::Column::LoserId)
            .filter(merge::Column::UndoneAt.is_not_null())
            .into_tuple()
            .all(connection)
            .await?;
        let ordered = |(a, b): (i64, i64)| if a < b { (a, b) } else { (b, a) };
        Ok(Decided {
            dismissed: dismissed.into_iter().collect(),
            parted: parted.into_iter().map(ordered).collect(),
        })
    }
}

/// What is to be done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Merge,
    Queue,
    Leave,
}

/// A pair by ids.
#[derive(Clone, Debug)]
struct Likely {
    left: i64,
    right: i64,
    score: f64,
    evidence: String,
    verdict: Verdict,
}

impl Likely {
    fn of(pair: &Pair, ids: &[i64], decided: &Decided) -> Self {
        let (left, right) = (ids[pair.left], ids[pair.right]);
        let (left, right) = if left < right {
            (left, right)
        } else {
            (right, left)
        };
        let verdict = if decided.dismissed.contains(&(left, right)) {
            Verdict::Leave
        } else if pair.automatic && !decided.parted.contains(&(left, right)) {
            Verdict::Merge
        } else {
            Verdict::Queue
        };
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let evidence: Vec<StoredEvidence> = pair
            .evidence
            .iter()
            .map(|found| StoredEvidence {
                field: word(json!(found.field)),
                agreement: word(json!(found.agreement)),
                weight: (found.weight * 100.0).round() / 100.0,
            })
            .collect();
        let evidence = json!(evidence).to_string();
        Likely {
            left,
            right,
            score: pair.weight,
            evidence,
            verdict,
        }
    }
}

async fn write(tx: &Tx, likely: &[Likely]) -> Result<Found> {
    let mut found = Found::default();
    for pair in likely.iter().filter(|pair| pair.verdict == Verdict::Merge) {
        let (winner, loser) = (CustomerId(pair.left), CustomerId(pair.right));
        let evidence = serde_json::from_str(&pair.evidence)?;
        match customers::merge(tx, winner, loser, Cause::Pair, &evidence, None).await {
            Ok(_) => found.merged += 1,
            // Two merges before may have brought these together, or a kill came
            // after the first run had merged them.
            Err(error) if error.code() == "already_one_customer" => {}
            Err(error) => return Err(error),
        }
    }
    let queue: Vec<&Likely> = likely
        .iter()
        .filter(|pair| pair.verdict == Verdict::Queue)
        .collect();
    let present = pair::Entity::find()
        .filter(pair::Column::LeftId.is_in(queue.iter().map(|pair| pair.left)))
        .all(tx.conn())
        .await?;
    let present: HashMap<(i64, i64), pair::Model> = present
        .into_iter()
        .map(|row| ((row.left_id, row.right_id), row))
        .collect();
    let mut fresh = Vec::new();
    for pair in queue {
        match present.get(&(pair.left, pair.right)) {
            Some(row) if row.state == "dismissed" => found.decided += 1,
            Some(row) => {
                found.known += 1;
                refresh(tx, row, pair).await?;
            }
            None => {
                found.queued += 1;
                fresh.push(new_row(tx, pair));
            }
        }
    }
    found.decided += likely
        .iter()
        .filter(|pair| pair.verdict == Verdict::Leave)
        .count();
    insert_all::<pair::Entity, _>(tx.conn(), fresh).await?;
    Ok(found)
}

fn new_row(tx: &Tx, pair: &Likely) -> pair::ActiveModel {
    let id = tx.ctx().next_id();
    tx.changed("pair", id, What::Created);
    pair::ActiveModel {
        id: Set(id),
        left_id: Set(pair.left),
        right_id: Set(pair.right),
        score: Set(pair.score),
        evidence: Set(pair.evidence.clone()),
        state: Set("open".to_owned()),
        found_at: Set(tx.ctx().now_micros()),
        decided_at: Set(None),
        decided_by: Set(None),
    }
}

/// A pair that still waits shows what speaks for it today.
async fn refresh(tx: &Tx, row: &pair::Model, pair: &Likely) -> Result<()> {
    if row.evidence == pair.evidence && row.score == pair.score {
        return Ok(());
    }
    pair::Entity::update_many()
        .set(pair::ActiveModel {
            score: Set(pair.score),
            evidence: Set(pair.evidence.clone()),
            ..Default::default()
        })
        .filter(pair::Column::Id.eq(row.id))
        .exec(tx.conn())
        .await?;
    tx.changed("pair", row.id, What::Updated);
    Ok(())
}
