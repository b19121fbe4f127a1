//! A scope as a condition on the tables.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};

use super::Scope;
use crate::features::{customers::entity::customer, grades::entity::grade, orders::entity::order};

/// Customers whom a scope reaches: by who looks after them, by their store, or by the
/// store where they buy most when they have none. A merged record is reached with the
/// customer it belongs to.
pub fn customers(scope: &Scope) -> Condition {
    let rows = match scope {
        Scope::All => return Condition::all(),
        Scope::Nothing => return nothing(customer::Column::Id),
        Scope::Rows(rows) => rows,
    };
    let golden = Alias::new("reached");
    let of = |column: customer::Column| Expr::col((golden.clone(), column));
    let buys_there = grade::Entity::find()
        .select_only()
        .column(grade::Column::CustomerId)
        .filter(Expr::col((grade::Entity, grade::Column::CustomerId)).eq(of(customer::Column::Id)))
        .filter(grade::Column::FavouriteStoreId.is_in(rows.stores.iter().copied()))
        .into_query();
    let reached = Condition::any()
        .add(of(customer::Column::OwnerId).is_in(rows.owners.iter().copied()))
        .add(of(customer::Column::HomeStoreId).is_in(rows.stores.iter().copied()))
        .add(
            Condition::all()
                .add(of(customer::Column::HomeStoreId).is_null())
                .add(Expr::exists(buys_there)),
        );
    let itself = of(customer::Column::Id).equals((customer::Entity, customer::Column::GoldenId));
    let found = Query::select()
        .expr(Expr::val(1))
        .from_as(customer::Entity, golden)
        .cond_where(Condition::all().add(itself).add(reached))
        .take();
    Condition::all().add(Expr::exists(found))
}

/// Orders that a scope reaches: those of its stores, and those of its customers.
pub fn orders(scope: &Scope) -> Condition {
    let rows = match scope {
        Scope::All => return Condition::all(),
        Scope::Nothing => return nothing(order::Column::Id),
        Scope::Rows(rows) => rows,
    };
    let buyer = Expr::col((customer::Entity, customer::Column::Id));
    let buyers = customer::Entity::find()
        .select_only()
        .column(customer::Column::Id)
        .filter(buyer.equals((order::Entity, order::Column::CustomerId)))
        .filter(customers(scope))
        .into_query();
    Condition::any()
        .add(order::Column::StoreId.is_in(rows.stores.iter().copied()))
        .add(Expr::exists(buyers))
}

fn nothing(id: impl ColumnTrait) -> Condition {
    Condition::all().add(id.is_null())
}
