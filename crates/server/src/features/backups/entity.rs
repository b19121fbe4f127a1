//! Tables: `backups`.

/// A copy of the book that was put aside.
pub mod backup {
    use sea_orm::entity::prelude::*;

    /// A copy of the book that was put aside.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "backups")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// Its name in the folder of backups.
        pub file: String,
        pub bytes: i64,
        /// Of the whole file, in hexadecimal digits.
        pub sha256: String,
        pub made_at: i64,
        /// How long it took.
        pub micros: i64,
        /// The last change of the feed in it.
        pub feed_position: i64,
        pub encrypted: bool,
        /// When a restore was last tried.
        pub tried_at: Option<i64>,
        /// When a restore last succeeded.
        pub proven_at: Option<i64>,
        /// What the last try found, as JSON.
        pub proof: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
