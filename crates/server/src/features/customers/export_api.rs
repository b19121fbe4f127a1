//! Customers as a file over HTTP.

use axum::{extract::State, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    export::write_customers,
    list::{CustomerQuery, Sort},
};
use crate::{
    access::Permission,
    app::App,
    ctx::Ctx,
    error::{Problem, Result},
    export::{FileQuery, Written, download},
    http::UrlQuery,
};

/// Writes the customers of a filter as a file, with every figure and grade.
#[utoipa::path(get, path = "/customers/export", tag = "customers",
    extensions(("x-permission" = json!("customers.export"))),
    params(FileQuery, CustomerQuery),
    responses((status = 200, description = "The file.", content(
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/x-ndjson"),
            (String = "application/vnd.apache.parquet"))),
        (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn export_customers(
    State(app): State<App>,
    ctx: Ctx,
    UrlQuery(wanted): UrlQuery<FileQuery>,
    UrlQuery(query): UrlQuery<CustomerQuery>,
) -> Result<Response> {
    let filter = query.filter()?;
    let sort = match &query.sort {
        Some(sort) => Sort::parse(Some(sort))?,
        None => Sort::by_number(),
    };
    let told = ("customer", "customers", query.told());
    let (reading, scope) = (app.clone(), ctx.scope(Permission::CustomersExport).clone());
    let options = (wanted.format, wanted.lossless);
    let write: Written = Box::new(move |sink| {
        Box::pin(
            async move { write_customers(&reading, &scope, &filter, sort, options, sink).await },
        )
    });
    download(app, ctx, wanted, told, write).await
}

/// Routes of exports.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export_customers))
}
