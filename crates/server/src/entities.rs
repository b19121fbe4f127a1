//! Tables that belong to the house rather than to a feature.

macro_rules! table {
    ($(#[$doc:meta])* $module:ident, $name:literal, { $($body:tt)* }) => {
        $(#[$doc])*
        pub mod $module {
            use sea_orm::entity::prelude::*;

            /// One row.
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model { $($body)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(
    /// Numbers handed out inside transactions.
    counter, "counters", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: i64,
});

table!(
    /// How far each reader of the feed has come.
    feed_position, "feed_positions", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reader: String,
    pub seq: i64,
});

table!(
    /// Who did what, written with the deed.
    audit_entry, "audit_entries", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: i64,
    pub actor: i64,
    pub action: String,
    pub noun: String,
    pub noun_id: i64,
    pub detail: String,
    /// Where the request came from, empty for the program itself.
    pub address: String,
    /// See [`crate::db::chain`].
    pub hash: String,
});

table!(
    /// Keys of requests that must happen at most once.
    idempotency_key, "idempotency_keys", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub request_hash: String,
    pub status: i64,
    pub response: String,
    pub created_at: i64,
});

table!(
    /// Long work.
    job, "jobs", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub kind: String,
    pub input: String,
    pub state: String,
    pub phase: String,
    pub done: i64,
    pub total: i64,
    pub lease_until: i64,
    pub fence: i64,
    pub attempt: i64,
    pub wanted: String,
    pub output: String,
    pub error: String,
    pub created_by: i64,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
});
