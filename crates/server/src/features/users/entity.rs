//! The tables `users`, `user_roles` and `invitations`.

use sea_orm::entity::prelude::*;

/// One person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub email: String,
    pub name: String,
    /// Empty until they have chosen one.
    pub password_hash: String,
    pub language: String,
    pub active: bool,
    pub created_at: i64,
    pub version: i64,
    /// Their place: a unit of the organisation, or a store; neither is the whole chain.
    pub unit_id: Option<i64>,
    pub store_id: Option<i64>,
    pub team_id: Option<i64>,
    pub manager_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// Who has which role.
pub mod held_role {
    use sea_orm::entity::prelude::*;

    /// One role of one person.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_roles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        /// The key of a built-in role, or the id of an own one.
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Links by which people choose their own password.
pub mod invitation {
    use sea_orm::entity::prelude::*;

    /// The link of one person.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: i64,
        /// SHA-256 of its secret.
        pub token_hash: String,
        pub expires_at: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
