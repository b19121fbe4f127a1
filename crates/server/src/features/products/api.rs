//! Products over HTTP.

use axum::{Json, extract::State};
use clientele_domain::id::ProductId;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::entity::product;
use crate::{
    app::App,
    error::{Problem, Result},
    http::{List, PageQuery, UrlQuery},
};

/// A thing that is sold.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Product {
    id: ProductId,
    /// Where it comes from.
    source: String,
    /// The stock-keeping unit.
    sku: String,
    /// What people call it.
    name: String,
    /// The category, or empty.
    category: String,
    /// The brand, or empty.
    brand: String,
    /// The size, or empty.
    size: String,
}

impl From<product::Model> for Product {
    fn from(row: product::Model) -> Self {
        Product {
            id: ProductId(row.id),
            source: row.source,
            sku: row.external_id,
            name: row.name,
            category: row.category,
            brand: row.brand,
            size: row.size,
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProductsQuery {
    /// Part of the SKU, the name, the category or the brand.
    q: Option<String>,
}

/// Lists products in the order they were made.
#[utoipa::path(get, path = "/products", tag = "products",
    extensions(("x-permission" = json!("products.see"))), params(ProductsQuery, PageQuery),
    responses((status = 200, body = List<Product>), (status = 403, body = Problem)))]
async fn list_products(
    State(app): State<App>,
    UrlQuery(query): UrlQuery<ProductsQuery>,
    UrlQuery(page): UrlQuery<PageQuery>,
) -> Result<Json<List<Product>>> {
    let mut select = product::Entity::find().order_by_asc(product::Column::Id);
    if let Some(words) = query
        .q
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty())
    {
        select = select.filter(matches(words));
    }
    let count = select.clone().count(app.db.read()).await?;
    if let Some(after) = page.after::<ProductId>()? {
        select = select.filter(product::Column::Id.gt(after.0));
    }
    let limit = page.limit();
    let rows = select.limit(limit + 1).all(app.db.read()).await?;
    let products = rows.into_iter().map(Product::from).collect();
    Ok(Json(List::of(
        products,
        limit,
        count,
        |product: &Product| product.id.to_string(),
    )))
}

fn matches(words: &str) -> Condition {
    let mut pattern = String::from("%");
    for c in words.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    let columns = [
        product::Column::ExternalId,
        product::Column::Name,
        product::Column::Category,
        product::Column::Brand,
    ];
    columns.into_iter().fold(Condition::any(), |any, column| {
        let lower = Expr::expr(Func::lower(Expr::col(column)));
        any.add(lower.like(LikeExpr::new(pattern.clone()).escape('\\')))
    })
}

/// Routes of products.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_products))
}
