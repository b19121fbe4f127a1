//! Tables: `duplicate_pairs`.

/// Two customers who may be one person.
pub mod pair {
    use sea_orm::entity::prelude::*;

    /// Two customers who may be one person.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "duplicate_pairs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// The smaller record id.
        pub left_id: i64,
        pub right_id: i64,
        /// Log2 of the match odds.
        pub score: f64,
        /// JSON.
        pub evidence: String,
        /// Open, merged, dismissed.
        pub state: String,
        pub found_at: i64,
        pub decided_at: Option<i64>,
        pub decided_by: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
