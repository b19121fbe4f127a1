//! Tables: `products`.

/// A thing that is sold.
pub mod product {
    use sea_orm::entity::prelude::*;

    /// A thing that is sold.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "products")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub source: String,
        /// The SKU.
        pub external_id: String,
        pub name: String,
        pub category: String,
        pub brand: String,
        pub size: String,
        pub import_id: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
