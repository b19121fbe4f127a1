//! The book: whether its pages are whole, whether what one row names is there,
//! and whether rows that say the same say it alike.

use clientele_domain::id::{CustomerId, OrderId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, JoinType,
    PaginatorTrait, QueryFilter, QuerySelect, Select, Statement,
    sea_query::{Alias, Expr, Func, Query},
};

use super::{Finding, GRADE, RESTORE};
use crate::{
    app::App,
    db::{self, Readers, change},
    entities::{audit_entry, counter},
    error::Result,
    features::{
        customers::entity::{customer, identifier, merge},
        grades::entity::grade,
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store,
    },
};

/// So many rows at fault are named.
const NAMED: u64 = 3;

/// What the database itself says of its file; PostgreSQL has tools of its own.
pub(super) async fn pages(app: &App) -> Result<Vec<Finding>> {
    if app.db.backend() != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let question = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check(10)");
    let said: Result<Vec<String>, _> = match app.db.read().query_all_raw(question).await {
        Ok(rows) => rows.iter().map(|row| row.try_get_by_index(0)).collect(),
        Err(error) => Err(error),
    };
    let (differences, detail) = match said {
        Ok(lines) if lines == ["ok"] => (0, "whole".to_owned()),
        Ok(lines) => (lines.len() as u64, lines.join("; ")),
        Err(error) => (1, error.to_string()),
    };
    let name = "pages of the book";
    Ok(vec![Finding::new(name, differences, detail, RESTORE)])
}

/// Everything else that must be so.
pub(super) async fn findings(app: &App) -> Result<Vec<Finding>> {
    let mut findings = references(app).await?;
    findings.extend(identities(app).await?);
    findings.push(amounts(app).await?);
    findings.push(feed(app).await?);
    findings.push(counters(app).await?);
    Ok(findings)
}

/// Rows that must not be: how many, and whose they are.
async fn rows<E: EntityTrait>(
    app: &App,
    name: &str,
    select: Select<E>,
    owner: (E::Column, fn(i64) -> String),
    remedy: &'static str,
) -> Result<Finding>
where
    E::Model: Sync,
{
    let (column, show) = owner;
    let count = select.clone().count(app.db.read()).await?;
    if count == 0 {
        return Ok(Finding::new(name, 0, "none".to_owned(), remedy));
    }
    let owners: Vec<i64> = select
        .select_only()
        .column_as(column, "owner")
        .limit(NAMED)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let named: Vec<String> = owners.into_iter().map(show).collect();
    let more = if count > NAMED { ", …" } else { "" };
    let detail = format!("{count} rows: {}{more}", named.join(", "));
    Ok(Finding::new(name, count, detail, remedy))
}

fn of_customer(id: i64) -> String {
    CustomerId(id).to_string()
}

fn of_order(id: i64) -> String {
    OrderId(id).to_string()
}

/// Rows whose column names no row of another table.
fn orphans<C: EntityTrait, P: EntityTrait>(child: C::Column, parent: P::Column) -> Select<C> {
    let other = Alias::new("other");
    let found = Query::select()
        .expr(Expr::val(1))
        .from_as(P::default(), other.clone())
        .and_where(Expr::col((other, parent)).eq(Expr::col((C::default(), child))))
        .to_owned();
    C::find()
        .filter(child.is_not_null())
        .filter(Expr::exists(found).not())
}

async fn references(app: &App) -> Result<Vec<Finding>> {
    use customer::{Column as C, Entity as Customers};
    use grade::{Column as G, Entity as Grades};
    use identifier::{Column as I, Entity as Identifiers};
    use line::{Column as L, Entity as Lines};
    use merge::{Column as M, Entity as Merges};
    use order::{Column as O, Entity as Orders};
    use product::{Column as P, Entity as Products};
    use store::{Column as S, Entity as Stores};
    let (customers, orders) = (
        of_customer as fn(i64) -> String,
        of_order as fn(i64) -> String,
    );
    Ok(vec![
        rows(
            app,
            "golden customers",
            orphans::<Customers, Customers>(C::GoldenId, C::Id),
            (C::Id, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "home stores",
            orphans::<Customers, Stores>(C::HomeStoreId, S::Id),
            (C::Id, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "customers of identifiers",
            orphans::<Identifiers, Customers>(I::CustomerId, C::Id),
            (I::CustomerId, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "records of identifiers",
            orphans::<Identifiers, Customers>(I::RecordId, C::Id),
            (I::RecordId, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "winners of merges",
            orphans::<Merges, Customers>(M::WinnerId, C::Id),
            (M::WinnerId, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "losers of merges",
            orphans::<Merges, Customers>(M::LoserId, C::Id),
            (M::LoserId, customers),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "customers of orders",
            orphans::<Orders, Customers>(O::CustomerId, C::Id),
            (O::Id, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "records of orders",
            orphans::<Orders, Customers>(O::RecordId, C::Id),
            (O::Id, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "stores of orders",
            orphans::<Orders, Stores>(O::StoreId, S::Id),
            (O::Id, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "originals of orders",
            orphans::<Orders, Orders>(O::OriginalId, O::Id),
            (O::Id, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "orders of lines",
            orphans::<Lines, Orders>(L::OrderId, O::Id),
            (L::OrderId, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "products of lines",
            orphans::<Lines, Products>(L::ProductId, P::Id),
            (L::OrderId, orders),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "customers of grades",
            orphans::<Grades, Customers>(G::CustomerId, C::Id),
            (G::CustomerId, customers),
            RESTORE,
        )
        .await?,
    ])
}

/// Everything points to the golden customer of its own record, and golden
/// customers are golden themselves.
async fn identities(app: &App) -> Result<Vec<Finding>> {
    use customer::Column as C;
    let golden = Alias::new("golden");
    let to_golden = customer::Entity::belongs_to(customer::Entity)
        .from(C::GoldenId)
        .to(C::Id)
        .into();
    let chains = customer::Entity::find()
        .join_as(JoinType::InnerJoin, to_golden, golden.clone())
        .filter(Expr::col((golden.clone(), C::GoldenId)).ne(Expr::col((golden, C::Id))));
    let of_record = order::Entity::belongs_to(customer::Entity)
        .from(order::Column::RecordId)
        .to(C::Id)
        .into();
    let of_other = Condition::any()
        .add(order::Column::CustomerId.is_null())
        .add(Expr::col((customer::Entity, C::GoldenId)).ne(order::Column::CustomerId.into_expr()));
    let orders = order::Entity::find()
        .join(JoinType::InnerJoin, of_record)
        .filter(of_other);
    let of_identifier = identifier::Entity::belongs_to(customer::Entity)
        .from(identifier::Column::RecordId)
        .to(C::Id)
        .into();
    let identifiers = identifier::Entity::find()
        .join(JoinType::InnerJoin, of_identifier)
        .filter(
            Expr::col((customer::Entity, C::GoldenId))
                .ne(identifier::Column::CustomerId.into_expr()),
        );
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
        .filter(Expr::exists(graded).not());
    Ok(vec![
        rows(
            app,
            "chains of golden customers",
            chains,
            (C::Id, of_customer),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "orders of another customer than their record's",
            orders,
            (order::Column::Id, of_order),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "identifiers of another customer than their record's",
            identifiers,
            (identifier::Column::CustomerId, of_customer),
            RESTORE,
        )
        .await?,
        rows(
            app,
            "customers without a row of grades",
            ungraded,
            (C::Id, of_customer),
            GRADE,
        )
        .await?,
    ])
}

/// The lines of an order add up to its net.
async fn amounts(app: &App) -> Result<Finding> {
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
        .having(Expr::expr(total).ne(order::Column::Net.into_expr()));
    let name = "orders whose lines do not add up";
    rows(
        app,
        name,
        unequal,
        (line::Column::OrderId, of_order),
        RESTORE,
    )
    .await
}

/// Whether every change ever counted is still in the feed.
async fn feed(app: &App) -> Result<Finding> {
    let changes = change::Entity::find().count(app.db.read()).await?;
    let head = db::feed_head(&app.db).await?.unsigned_abs();
    let missing = head.abs_diff(changes);
    let detail = format!("{changes} changes up to number {head}");
    Ok(Finding::new("gaps in the feed", missing, detail, RESTORE))
}

/// Whether numbers go on behind the greatest in use.
async fn counters(app: &App) -> Result<Finding> {
    let connection = app.db.read();
    let counters = counter::Entity::find().all(connection).await?;
    let counted = |name: &str| {
        let row = counters.iter().find(|row| row.name == name);
        row.map_or(0, |row| row.value)
    };
    let used = [
        (
            "changes",
            greatest::<change::Entity>(connection, change::Column::Seq).await?,
        ),
        (
            "audit",
            greatest::<audit_entry::Entity>(connection, audit_entry::Column::Seq).await?,
        ),
        (
            "customers",
            greatest::<customer::Entity>(connection, customer::Column::Number).await?,
        ),
    ];
    let wrong: Vec<String> = used
        .into_iter()
        .filter(|(name, used)| counted(name) < *used)
        .map(|(name, used)| format!("{name} stands at {} and {used} is in use", counted(name)))
        .collect();
    let detail = match wrong.is_empty() {
        true => "right".to_owned(),
        false => wrong.join("; "),
    };
    Ok(Finding::new(
        "counters",
        wrong.len() as u64,
        detail,
        RESTORE,
    ))
}

async fn greatest<E: EntityTrait>(connection: &Readers, column: E::Column) -> Result<i64> {
    let greatest: Option<Option<i64>> = E::find()
        .select_only()
        .column_as(column.max(), "greatest")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(greatest.flatten().unwrap_or(0))
}
