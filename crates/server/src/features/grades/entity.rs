//! Tables: `grades`, `grade_history`, `grade_runs`.

/// What the last grading says of a customer.
pub mod grade {
    use sea_orm::entity::prelude::*;

    /// What the last grading says of a customer.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grades")]
    pub struct Model {
        /// One row for every customer record.
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: i64,
        pub first_order: String,
        pub last_order: String,
        /// Purchase occasions in the window.
        pub frequency: i64,
        /// Reporting minor units, net, in the window.
        pub monetary: i64,
        pub lifetime_orders: i64,
        pub lifetime_net: i64,
        pub r: i64,
        pub f: i64,
        pub m: i64,
        pub rfm_group: String,
        pub abc: String,
        pub lifecycle: String,
        pub average_basket: Option<i64>,
        pub interval_days: Option<i64>,
        /// Refunds per million of gross sales.
        pub refund_rate_ppm: Option<i64>,
        pub favourite_store_id: Option<i64>,
        pub favourite_category: String,
        pub favourite_channel: String,
        /// Level code, empty when below every level.
        pub tier: String,
        pub tier_rank: i64,
        pub tier_since: String,
        /// Date at which a demotion may happen, or empty.
        pub tier_review: String,
        /// Rule, grace, floor or manual.
        pub tier_cause: String,
        /// JSON: figures and rules behind the tier; empty before the first grading.
        pub why: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A tier change, with its reasons.
pub mod history {
    use sea_orm::entity::prelude::*;

    /// A tier change, with its reasons.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grade_history")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub as_of: String,
        pub run_id: i64,
        pub tier_from: String,
        pub tier_to: String,
        pub cause: String,
        pub rfm_group: String,
        pub lifecycle: String,
        pub abc: String,
        pub why: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One grading of everybody.
pub mod run {
    use sea_orm::entity::prelude::*;

    /// One grading of everybody.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grade_runs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub as_of: String,
        pub scheme_version: i64,
        /// JSON: frozen score limits of this run.
        pub breakpoints: String,
        pub customers: i64,
        pub changed: i64,
        pub summary: String,
        pub started_at: i64,
        pub finished_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
