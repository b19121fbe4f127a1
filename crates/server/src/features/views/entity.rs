//! Tables: `saved_views`.

/// A list as somebody wants to see it again.
pub mod saved_view {
    use sea_orm::entity::prelude::*;

    /// A list as somebody wants to see it again.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "saved_views")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub user_id: i64,
        pub screen: String,
        pub name: String,
        /// The URL's search part.
        pub query: String,
        pub shared: bool,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
