//! Tables: `tier_schemes`, `tier_overrides`.

/// One version of the tier rules.
pub mod scheme {
    use sea_orm::entity::prelude::*;

    /// One version of the tier rules.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tier_schemes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        /// Draft, published, retired.
        pub state: String,
        /// JSON, domain::tier::Scheme.
        pub scheme: String,
        /// Grows with every save of the draft.
        pub edit: i64,
        pub created_by: i64,
        pub created_at: i64,
        pub published_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A manual grade or a floor for one customer.
pub mod tier_override {
    use sea_orm::entity::prelude::*;

    /// A manual grade or a floor for one customer.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tier_overrides")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: i64,
        /// Empty for none.
        pub manual_tier: String,
        pub manual_reason: String,
        /// Last day it holds.
        pub manual_until: String,
        /// Empty for none.
        pub floor_tier: String,
        pub actor: i64,
        pub at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
