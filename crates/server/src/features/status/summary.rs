//! Counts and totals of the whole book.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use clientele_domain::money::Currency;
use rust_decimal::Decimal;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait,
    sea_query::{Expr, Func, SimpleExpr},
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    db,
    error::{Problem, Result},
    features::{
        customers::entity::customer,
        imports::entity::{import, reject},
        orders::entity::{line, order},
    },
};

/// What the book holds.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Status {
    /// Version of the program.
    pub version: &'static str,
    /// `sqlite` or `postgres`.
    pub book: &'static str,
    /// People, each counted once.
    pub customers: u64,
    /// Customer records, merged ones included.
    pub records: u64,
    /// Sales, refunds and adjustments together.
    pub documents: u64,
    /// Sales.
    pub orders: u64,
    /// Refunds and cancellations.
    pub refunds: u64,
    /// Adjustments such as bad debt.
    pub adjustments: u64,
    /// Documents without a known customer.
    pub guest_documents: u64,
    /// Lines of all documents.
    pub order_lines: u64,
    /// Exact net sales of what is paid, by currency, as decimal text.
    pub net_sales: BTreeMap<String, String>,
    /// Rows of imports that still wait to be mended.
    pub rejected_rows: u64,
    /// Changes the warehouse has not seen yet.
    pub feed_lag: i64,
}

#[derive(FromQueryResult)]
struct Group {
    kind: String,
    currency: String,
    documents: i64,
    guests: i64,
    net: i64,
    residue: i64,
}

/// Counts everything.
///
/// # Errors
/// When the book or the warehouse fails.
pub async fn summarize(app: &App) -> Result<Status> {
    let connection = app.db.read();
    let is_paid = order::Column::Status.eq("paid");
    let sum_of = |column: order::Column| {
        let paid = Expr::case(is_paid.clone(), Expr::col(column)).finally(0);
        let sum = Func::coalesce([Expr::from(Func::sum(paid)), Expr::value(0)]);
        SimpleExpr::from(Func::cast_as(sum, "bigint"))
    };
    let groups: Vec<Group> = order::Entity::find()
        .select_only()
        .column(order::Column::Kind)
        .column(order::Column::Currency)
        .column_as(order::Column::Id.count(), "documents")
        .column_as(
            ExprTrait::sub(order::Column::Id.count(), order::Column::CustomerId.count()),
            "guests",
        )
        .column_as(sum_of(order::Column::Net), "net")
        .column_as(sum_of(order::Column::NetResidue), "residue")
        .group_by(order::Column::Kind)
        .group_by(order::Column::Currency)
        .into_model()
        .all(connection)
        .await?;
    let of_kind = |kind: &str| -> u64 {
        groups
            .iter()
            .filter(|g| g.kind == kind)
            .map(|g| g.documents as u64)
            .sum()
    };
    let records = customer::Entity::find().count(connection).await?;
    let customers = customer::Entity::find()
        .filter(Expr::col(customer::Column::Id).eq(Expr::col(customer::Column::GoldenId)))
        .count(connection)
        .await?;
    let synced = app.warehouse.position();
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        book: match app.db.backend() {
            sea_orm::DbBackend::Sqlite => "sqlite",
            _ => "postgres",
        },
        customers,
        records,
        documents: groups.iter().map(|g| g.documents as u64).sum(),
        orders: of_kind("sale"),
        refunds: of_kind("refund"),
        adjustments: of_kind("adjustment"),
        guest_documents: groups.iter().map(|g| g.guests as u64).sum(),
        order_lines: line::Entity::find().count(connection).await?,
        net_sales: net_sales(&groups),
        rejected_rows: reject::Entity::find()
            .filter(reject::Column::Resolved.eq(false))
            // A dry run's rows wait for nothing: they were never meant to come in.
            .filter(
                reject::Column::ImportId.in_subquery(
                    import::Entity::find()
                        .select_only()
                        .column(import::Column::Id)
                        .filter(import::Column::DryRun.eq(false))
                        .into_query(),
                ),
            )
            .count(connection)
            .await?,
        feed_lag: Ord::max(db::feed_head(&app.db).await? - synced, 0),
    })
}

/// Totals whose unrounded parts are added before the one rounding.
fn net_sales(groups: &[Group]) -> BTreeMap<String, String> {
    let mut exact: BTreeMap<&str, Decimal> = BTreeMap::new();
    for group in groups {
        *exact.entry(&group.currency).or_default() +=
            Decimal::from(group.net) + Decimal::new(group.residue, 6);
    }
    exact
        .into_iter()
        .map(|(code, minor)| {
            let exponent = Currency::parse(code).map_or(2, Currency::exponent);
            let scale = Decimal::from(10_i64.pow(exponent));
            let rounded = minor
                .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            let mut amount = rounded / scale;
            amount.rescale(exponent);
            (code.to_owned(), amount.to_string())
        })
        .collect()
}

/// Shows what the book holds.
#[utoipa::path(get, path = "/status", tag = "status",
    extensions(("x-permission" = json!("imports.see"))),
    responses((status = 200, body = Status), (status = 403, body = Problem)))]
async fn get_status(State(app): State<App>) -> Result<Json<Status>> {
    Ok(Json(summarize(&app).await?))
}

/// Routes of the status.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_status))
}
