//! Proving that the book is sound and that the copy equals it.

use std::time::Duration;

use anyhow::anyhow;
use clientele_warehouse::{
    Table, Warehouse,
    rows::{CustomerRow, Fingerprint, LineRow, OrderRow, ProductRow, StoreRow},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter,
    QuerySelect,
    sea_query::{Alias, Expr, Func, Query},
};
use serde::Serialize;

use super::book::{
    Copied, CustomerRecord, OrderRecord, ProductRecord, StoreRecord, after, lines_between,
};
use crate::{
    app::App,
    db,
    error::{Error, Result},
    features::{
        customers::entity::{customer, identifier, merge},
        grades::entity::grade,
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store,
    },
};

/// Rows read at a time.
const PAGE: u64 = 20_000;
/// How often a comparison starts over because somebody wrote meanwhile.
const TRIES: usize = 5;
/// How often a process that may not sync looks whether the other one has.
const LOOKS: usize = 120;

/// What was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Whether everything agrees.
    pub ok: bool,
    /// The newest change in the book.
    pub feed_head: i64,
    /// The last change the copy has seen.
    pub warehouse_position: i64,
    /// One finding for each thing looked at.
    pub findings: Vec<Finding>,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// Whether it is as it must be.
    pub ok: bool,
    /// Rows that differ.
    pub differences: u64,
    /// Figures for people.
    pub detail: String,
}

impl Finding {
    fn rows(name: &str, differences: u64) -> Self {
        let detail = match differences {
            0 => "none".to_owned(),
            rows => format!("{rows} rows"),
        };
        Finding {
            name: name.to_owned(),
            ok: differences == 0,
            differences,
            detail,
        }
    }
}

/// Looks at everything. The copy is brought up to date first; a book that is
/// written all the time is looked at again until it stood still.
///
/// # Errors
/// `book_busy`, or when book or warehouse fail.
pub async fn check(app: &App) -> Result<Check> {
    for _ in 0..TRIES {
        let copy = caught_up(app).await?;
        let warehouse = copy.as_ref().unwrap_or(&app.warehouse);
        let feed_head = db::feed_head(&app.db).await?;
        let warehouse_position = warehouse.position();
        let mut findings = references(app).await?;
        findings.extend(identities(app).await?);
        findings.extend(amounts(app).await?);
        findings.push(position(feed_head, warehouse_position));
        findings.extend(tables(app, warehouse).await?);
        if db::feed_head(&app.db).await? == feed_head {
            let ok = findings.iter().all(|finding| finding.ok);
            return Ok(Check {
                ok,
                feed_head,
                warehouse_position,
                findings,
            });
        }
    }
    Err(Error::conflict(
        "book_busy",
        "The book changed all the time. Check again when no import is running.",
    ))
}

/// Brings the copy to the end of the feed. A process that may not write it
/// waits for the one that may, and looks through an opening of its own.
async fn caught_up(app: &App) -> Result<Option<Warehouse>> {
    if app.is_worker() {
        super::sync_now(app).await?;
        return Ok(None);
    }
    for _ in 0..LOOKS {
        let copy = Warehouse::open(app.warehouse.folder(), app.config.warehouse_options).await?;
        if copy.position() >= db::feed_head(&app.db).await? {
            return Ok(Some(copy));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(anyhow!("the warehouse did not catch up with the book within a minute").into())
}

fn position(feed_head: i64, warehouse: i64) -> Finding {
    Finding {
        name: "feed position".to_owned(),
        ok: feed_head == warehouse,
        differences: feed_head.abs_diff(warehouse),
        detail: format!("book {feed_head}, warehouse {warehouse}"),
    }
}

/// Rows of a table whose column names no row of another.
async fn orphans<C: EntityTrait, P: EntityTrait>(
    app: &App,
    child: C::Column,
    parent: P::Column,
) -> Result<u64>
where
    C::Model: Sync,
{
    let other = Alias::new("other");
    let found = Query::select()
        .expr(Expr::val(1))
        .from_as(P::default(), other.clone())
        .and_where(Expr::col((other, parent)).eq(Expr::col((C::default(), child))))
        .to_owned();
    Ok(C::find()
        .filter(child.is_not_null())
        .filter(Expr::exists(found).not())
        .count(app.db.read())
        .await?)
}

async fn references(app: &App) -> Result<Vec<Finding>> {
    use customer::{Column as C, Entity as Customers};
    use identifier::{Column as I, Entity as Identifiers};
    use merge::{Column as M, Entity as Merges};
    use order::{Column as O, Entity as Orders};
    use product::Entity as Products;
    use store::Entity as Stores;
    let id = C::Id;
    Ok(vec![
        Finding::rows(
            "golden customers",
            orphans::<Customers, Customers>(app, C::GoldenId, id).await?,
        ),
        Finding::rows(
            "home stores",
            orphans::<Customers, Stores>(app, C::HomeStoreId, store::Column::Id).await?,
        ),
        Finding::rows(
            "customers of identifiers",
            orphans::<Identifiers, Customers>(app, I::CustomerId, id).await?
                + orphans::<Identifiers, Customers>(app, I::RecordId, id).await?,
        ),
        Finding::rows(
            "customers of merges",
            orphans::<Merges, Customers>(app, M::WinnerId, id).await?
                + orphans::<Merges, Customers>(app, M::LoserId, id).await?,
        ),
        Finding::rows(
            "customers of orders",
            orphans::<Orders, Customers>(app, O::CustomerId, id).await?
                + orphans::<Orders, Customers>(app, O::RecordId, id).await?,
        ),
        Finding::rows(
            "stores of orders",
            orphans::<Orders, Stores>(app, O::StoreId, store::Column::Id).await?,
        ),
        Finding::rows(
            "originals of orders",
            orphans::<Orders, Orders>(app, O::OriginalId, O::Id).await?,
        ),
        Finding::rows(
            "orders of lines",
            orphans::<line::Entity, Orders>(app, line::Column::OrderId, O::Id).await?,
        ),
        Finding::rows(
            "products of lines",
            orphans::<line::Entity, Products>(app, line::Column::ProductId, product::Column::Id)
                .await?,
        ),
        Finding::rows(
            "customers of grades",
            orphans::<grade::Entity, Customers>(app, grade::Column::CustomerId, id).await?,
        ),
    ])
}

/// Everything points to the golden customer of its own record, and golden
/// customers are golden themselves.
async fn identities(app: &App) -> Result<Vec<Finding>> {
    use customer::Column as C;
    let connection = app.db.read();
    let golden = Alias::new("golden");
    let to_golden = customer::Entity::belongs_to(customer::Entity)
        .from(C::GoldenId)
        .to(C::Id)
        .into();
    let chains = customer::Entity::find()
        .join_as(JoinType::InnerJoin, to_golden, golden.clone())
        .filter(Expr::col((golden.clone(), C::GoldenId)).ne(Expr::col((golden, C::Id))))
        .count(connection)
        .await?;
    let of_order = order::Entity::belongs_to(customer::Entity)
        .from(order::Column::RecordId)
        .to(C::Id)
        .into();
    let of_other = Condition::any()
        .add(order::Column::CustomerId.is_null())
        .add(Expr::col((customer::Entity, C::GoldenId)).ne(order::Column::CustomerId.into_expr()));
    let orders = order::Entity::find()
        .join(JoinType::InnerJoin, of_order)
        .filter(of_other)
        .count(connection)
        .await?;
    let of_identifier = identifier::Entity::belongs_to(customer::Entity)
        .from(identifier::Column::RecordId)
        .to(C::Id)
        .into();
    let identifiers = identifier::Entity::find()
        .join(JoinType::InnerJoin, of_identifier)
        .filter(
            Expr::col((customer::Entity, C::GoldenId))
                .ne(identifier::Column::CustomerId.into_expr()),
        )
        .count(connection)
        .await?;
    let graded = Query::select()
        .expr(Expr::val(1))
        .from(grade::Entity)
        .and_where(
            Expr::col((grade::Entity, grade::Column::CustomerId))
                .eq(Expr::col((customer::Entity, C::Id))),
        )
        .to_owned();
    let ungraded = customer::Entity::find()
        .filter(Expr::col((customer::Entity, C::Id)).eq(Expr::col((customer::Entity, C::GoldenId))))
        .filter(Expr::exists(graded).not())
        .count(connection)
        .await?;
    Ok(vec![
        Finding::rows("chains of golden customers", chains),
        Finding::rows("orders of another customer than their record's", orders),
        Finding::rows(
            "identifiers of another customer than their record's",
            identifiers,
        ),
        Finding::rows("customers without a row of grades", ungraded),
    ])
}

/// The lines of an order add up to its net.
async fn amounts(app: &App) -> Result<Vec<Finding>> {
    let to_order = line::Entity::belongs_to(order::Entity)
        .from(line::Column::OrderId)
        .to(order::Column::Id)
        .into();
    let total = Func::cast_as(Func::sum(line::Column::Net.into_expr()), "bigint");
    let unequal = line::Entity::find()
        .select_only()
        .column(line::Column::OrderId)
        .join(JoinType::InnerJoin, to_order)
        .group_by(line::Column::OrderId)
        .group_by(order::Column::Net)
        .having(Expr::expr(total).ne(order::Column::Net.into_expr()))
        .count(app.db.read())
        .await?;
    Ok(vec![Finding::rows(
        "orders whose lines do not add up",
        unequal,
    )])
}

/// The five tables, row by row, by their fingerprints.
async fn tables(app: &App, warehouse: &Warehouse) -> Result<Vec<Finding>> {
    let orders = orders(app).await?;
    let book = [
        (
            Table::Customers,
            whole::<CustomerRecord>(app, CustomerRow::digest).await?,
        ),
        (
            Table::Stores,
            whole::<StoreRecord>(app, StoreRow::digest).await?,
        ),
        (
            Table::Products,
            whole::<ProductRecord>(app, ProductRow::digest).await?,
        ),
        (Table::Orders, orders.0),
        (Table::OrderLines, orders.1),
    ];
    let mut findings = Vec::with_capacity(book.len());
    for (table, book) in book {
        let copy = warehouse.fingerprint(table).await?;
        let detail = match book.rows == copy.rows {
            true if book.digest == copy.digest => format!("{} rows", book.rows),
            true => format!("{} rows on both sides, but not the same", book.rows),
            false => format!("book {} rows, warehouse {}", book.rows, copy.rows),
        };
        findings.push(Finding {
            name: format!("warehouse table {}", table.name()),
            ok: book == copy,
            differences: Ord::max(book.rows.abs_diff(copy.rows), u64::from(book != copy)),
            detail,
        });
    }
    Ok(findings)
}

async fn whole<T: Copied>(app: &App, digest: fn(&T::Row) -> u64) -> Result<Fingerprint> {
    let mut fingerprint = Fingerprint::default();
    let mut last = i64::MIN;
    loop {
        let rows = after::<T>(&app.db, last, PAGE).await?;
        let Some(end) = rows.last() else {
            return Ok(fingerprint);
        };
        last = T::id(end);
        rows.iter().for_each(|row| fingerprint.add(digest(row)));
    }
}

async fn orders(app: &App) -> Result<(Fingerprint, Fingerprint)> {
    let (mut orders, mut lines) = (Fingerprint::default(), Fingerprint::default());
    let mut last = i64::MIN;
    loop {
        let rows = after::<OrderRecord>(&app.db, last, PAGE).await?;
        let Some(end) = rows.last() else {
            return Ok((orders, lines));
        };
        let first = last.saturating_add(1);
        last = end.id;
        rows.iter()
            .for_each(|row: &OrderRow| orders.add(row.digest()));
        let own = lines_between(&app.db, first, last).await?;
        own.iter().for_each(|row: &LineRow| lines.add(row.digest()));
    }
}
