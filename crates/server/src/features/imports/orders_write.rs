//! Orders of a chunk: compared with the book, then written in bulk.

use std::collections::HashMap;

use clientele_domain::money::{Currency, convert};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::{
    chunk::{Chunk, Counts, Doc},
    effects::{Effect, remember},
    identify::{Identified, People},
    images::{LineRow, OrderImage, OrderRow},
    order::OrderDoc,
    people::Person,
    people_write::{Ids, write_joins, write_records},
    places::{self, NewPlaces, Places},
};
use crate::{
    ctx::Ctx,
    db::{Tx, What, among, insert_all},
    error::Result,
    features::orders::entity::{line, order},
};

/// What to do with the orders of a chunk.
pub struct OrderPlan<'a> {
    new: Vec<Planned<'a>>,
    changed: Vec<(order::Model, Vec<line::Model>, Planned<'a>)>,
    originals: HashMap<String, i64>,
    places: NewPlaces,
}

struct Planned<'a> {
    id: i64,
    doc: &'a OrderDoc,
    who: Option<Identified>,
}

const LOOK_UP: usize = 10_000;

/// The source, the import and the currency everything is converted into.
#[derive(Debug, Clone)]
pub struct Target {
    pub source: String,
    pub import_id: i64,
    pub reporting: Currency,
}

/// Compares a chunk's orders with the book. Reads only.
///
/// # Errors
/// When the book fails.
pub async fn plan<'a>(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    chunk: &'a Chunk,
    target: &Target,
    people: &mut People,
    places: &mut Places,
    counts: &mut Counts,
) -> Result<OrderPlan<'a>> {
    let docs: Vec<&OrderDoc> = chunk
        .docs
        .iter()
        .filter_map(|doc| {
            if let Doc::Order(doc) = doc {
                Some(&**doc)
            } else {
                None
            }
        })
        .collect();
    let known = known_orders(
        connection,
        &target.source,
        docs.iter().map(|doc| doc.external_id.as_str()),
    )
    .await?;
    let mut fresh: Vec<&OrderDoc> = Vec::new();
    let mut other: Vec<(&OrderDoc, i64)> = Vec::new();
    for doc in docs {
        match known.get(&doc.external_id) {
            None => fresh.push(doc),
            Some((id, hash)) if *hash != doc.hash => other.push((doc, *id)),
            Some(_) => {
                counts.orders_unchanged += 1;
                counts.rows_unchanged += doc.rows;
            }
        }
    }
    let touched: Vec<&OrderDoc> = fresh
        .iter()
        .copied()
        .chain(other.iter().map(|(doc, _)| *doc))
        .collect();
    let persons: Vec<&Person> = touched.iter().map(|doc| &doc.person).collect();
    people.load(connection, &persons).await?;
    let new_places = places.plan(connection, ctx, &touched).await?;
    let originals = touched
        .iter()
        .map(|doc| doc.original.as_str())
        .filter(|number| !number.is_empty());
    let originals = known_orders(connection, &target.source, originals).await?;
    let before = images(connection, other.iter().map(|(_, id)| *id).collect()).await?;
    let unborn = std::cell::Cell::new(people.lowest_id());
    let next = || {
        unborn.set(unborn.get() - 1);
        unborn.get()
    };
    let mut plan = OrderPlan {
        new: Vec::with_capacity(fresh.len()),
        changed: Vec::with_capacity(other.len()),
        originals: originals
            .into_iter()
            .map(|(number, (id, _))| (number, id))
            .collect(),
        places: new_places,
    };
    for doc in fresh {
        let who = people.identify(&doc.person, &next);
        counts.orders_new += 1;
        counts.rows_new += doc.rows;
        plan.new.push(Planned {
            id: ctx.next_id(),
            doc,
            who,
        });
    }
    for (doc, id) in other {
        let who = people.identify(&doc.person, &next);
        counts.orders_updated += 1;
        counts.rows_updated += doc.rows;
        if let Some((order, lines)) = before.get(&id) {
            plan.changed
                .push((order.clone(), lines.clone(), Planned { id, doc, who }));
        }
    }
    let (stores, products) = plan.places.counts();
    counts.stores_new += stores as u64;
    counts.products_new += products as u64;
    Ok(plan)
}

/// Of some orders of a source the hash of the rows that made them, where it is known.
///
/// # Errors
/// When the book fails.
pub async fn known_rows(
    connection: &impl ConnectionTrait,
    source: &str,
    numbers: &[&str],
) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = order::Entity::find()
        .select_only()
        .column(order::Column::ExternalId)
        .column(order::Column::RowsHash)
        .filter(order::Column::Source.eq(source))
        .filter(among(
            connection,
            order::Column::ExternalId,
            numbers.iter().copied(),
        ))
        .filter(order::Column::RowsHash.ne(0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn known_orders<'a>(
    connection: &impl ConnectionTrait,
    source: &str,
    numbers: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, (i64, String)>> {
    let numbers: Vec<&str> = numbers.collect();
    let mut known = HashMap::new();
    for part in numbers.chunks(LOOK_UP) {
        let rows: Vec<(i64, String, String)> = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .column(order::Column::ExternalId)
            .column(order::Column::ContentHash)
            .filter(order::Column::Source.eq(source))
            .filter(among(
                connection,
                order::Column::ExternalId,
                part.iter().copied(),
            ))
            .into_tuple()
            .all(connection)
            .await?;
        known.extend(
            rows.into_iter()
                .map(|(id, number, hash)| (number, (id, hash))),
        );
    }
    Ok(known)
}

type Images = HashMap<i64, (order::Model, Vec<line::Model>)>;

async fn images(connection: &impl ConnectionTrait, ids: Vec<i64>) -> Result<Images> {
    let mut found = Images::new();
    for part in ids.chunks(LOOK_UP) {
        let orders = order::Entity::find()
            .filter(among(connection, order::Column::Id, part.iter().copied()))
            .all(connection)
            .await?;
        found.extend(orders.into_iter().map(|row| (row.id, (row, Vec::new()))));
        let lines = line::Entity::find()
            .filter(among(
                connection,
                line::Column::OrderId,
                part.iter().copied(),
            ))
            .order_by_asc(line::Column::LineNo)
            .all(connection)
            .await?;
        for row in lines {
            if let Some((_, lines)) = found.get_mut(&row.order_id) {
                lines.push(row);
            }
        }
    }
    Ok(found)
}

/// Writes a plan.
///
/// # Errors
/// When the book fails.
pub async fn write(
    tx: &Tx,
    plan: OrderPlan<'_>,
    target: &Target,
    people: &People,
    places: &Places,
    counts: &mut Counts,
) -> Result<()> {
    places::write(tx, &plan.places, &target.source, target.import_id).await?;
    // Where somebody bought once is not yet their home store.
    let ids = write_records(tx, people, &target.source, target.import_id, &|_| None).await?;
    counts.customers_new += people.records.len() as u64;
    let mut originals = plan.originals.clone();
    originals.extend(
        plan.new
            .iter()
            .map(|one| (one.doc.external_id.clone(), one.id)),
    );
    let shape = Shape {
        target,
        ids: &ids,
        places,
        originals: &originals,
        now: tx.ctx().now_micros(),
    };

    let orders = plan
        .new
        .iter()
        .map(|one| shape.order(one, None))
        .collect::<Result<Vec<_>>>()?;
    insert_all::<order::Entity, _>(tx.conn(), orders).await?;
    for one in &plan.new {
        tx.changed("order", one.id, What::Created);
    }
    let mut effects = Vec::new();
    let mut replaced = Vec::new();
    for (before, lines, one) in &plan.changed {
        let image = OrderImage {
            order: OrderRow::from(before.clone()),
            lines: lines.iter().cloned().map(LineRow::from).collect(),
        };
        effects.push(Effect::new("order", one.id, &image, before.version + 1)?);
        replaced.push(one.id);
        let mut row = shape.order(one, Some(before))?;
        row.id = sea_orm::ActiveValue::Unchanged(one.id);
        order::Entity::update(row).exec(tx.conn()).await?;
        tx.changed("order", one.id, What::Updated);
    }
    for part in replaced.chunks(LOOK_UP) {
        line::Entity::delete_many()
            .filter(among(
                tx.conn(),
                line::Column::OrderId,
                part.iter().copied(),
            ))
            .exec(tx.conn())
            .await?;
    }
    remember(tx, target.import_id, effects).await?;
    let all = plan
        .new
        .iter()
        .chain(plan.changed.iter().map(|(_, _, one)| one));
    insert_all::<line::Entity, _>(tx.conn(), all.flat_map(|one| shape.lines(one))).await?;

    let (joined, reviews) = write_joins(tx, people, &ids, target.import_id).await?;
    counts.joined += joined;
    counts.review_pairs += reviews;
    Ok(())
}

/// Everything rows are made of besides the document.
struct Shape<'a> {
    target: &'a Target,
    ids: &'a Ids,
    places: &'a Places,
    originals: &'a HashMap<String, i64>,
    now: i64,
}

impl Shape<'_> {
    fn order(
        &self,
        one: &Planned<'_>,
        before: Option<&order::Model>,
    ) -> Result<order::ActiveModel> {
        let doc = one.doc;
        let reporting_net = convert(doc.net, doc.currency, doc.rate, self.target.reporting)
            .map_err(|error| {
                anyhow::Error::new(error).context("an amount that was read must convert")
            })?;
        Ok(order::ActiveModel {
            id: Set(one.id),
            source: Set(self.target.source.clone()),
            external_id: Set(doc.external_id.clone()),
            kind: Set(doc.kind.to_owned()),
            status: Set(doc.status.as_str().to_owned()),
            customer_id: Set(one.who.map(|who| self.ids.real(who.customer))),
            record_id: Set(one.who.map(|who| self.ids.real(who.record))),
            store_id: Set(doc
                .store
                .as_ref()
                .and_then(|wanted| self.places.store(wanted))),
            recipient: Set(doc.recipient.clone()),
            channel: Set(doc.channel.to_owned()),
            ordered_at: Set(doc.ordered_at),
            business_date: Set(doc.business_date.to_string()),
            currency: Set(doc.currency.code().to_owned()),
            gross: Set(doc.gross),
            discount: Set(doc.discount),
            net: Set(doc.net),
            net_residue: Set(doc.residue),
            tax: Set(doc.tax),
            shipping: Set(doc.shipping),
            units: Set(doc.units),
            rate: Set(doc.rate.normalize().to_string()),
            reporting_net: Set(reporting_net),
            original_id: Set(self
                .originals
                .get(&doc.original)
                .copied()
                .filter(|id| *id != one.id)),
            content_hash: Set(doc.hash.clone()),
            rows_hash: Set(doc.rows_hash),
            import_id: Set(before.map_or(Some(self.target.import_id), |row| row.import_id)),
            created_at: Set(before.map_or(self.now, |row| row.created_at)),
            version: Set(before.map_or(1, |row| row.version + 1)),
        })
    }

    fn lines<'b>(&'b self, one: &'b Planned<'_>) -> impl Iterator<Item = line::ActiveModel> + 'b {
        (1_i64..)
            .zip(&one.doc.lines)
            .map(move |(line_no, doc)| line::ActiveModel {
                order_id: Set(one.id),
                line_no: Set(line_no),
                product_id: Set(self.places.product(doc)),
                sku: Set(doc.sku.clone()),
                name: Set(doc.name.clone()),
                quantity: Set(doc.quantity),
                unit_price: Set(doc.unit_price.clone()),
                discount: Set(doc.discount),
                net: Set(doc.net),
            })
    }
}
