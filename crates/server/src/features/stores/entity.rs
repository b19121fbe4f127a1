//! Tables: `stores`.

/// A place of sale: shop, web shop, mini-program or marketplace.
pub mod store {
    use sea_orm::entity::prelude::*;

    /// A place of sale: shop, web shop, mini-program or marketplace.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "stores")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub source: String,
        pub external_id: String,
        pub name: String,
        /// ISO 3166 alpha-2 or empty.
        pub country: String,
        pub region: String,
        /// ISO 4217 or empty.
        pub currency: String,
        /// IANA or empty for the chain's.
        pub time_zone: String,
        pub day_cut_minutes: i64,
        /// Store, web, mini_program, marketplace.
        pub channel: String,
        /// E.164 or empty; never identifies a customer.
        pub phone: String,
        pub import_id: Option<i64>,
        /// The part of the organisation it belongs to.
        pub unit_id: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
