//! Tables: `customers`, `identifiers`, `merges`.

/// A customer record; `golden_id` names the customer it belongs to.
pub mod customer {
    use sea_orm::entity::prelude::*;

    /// A customer record; `golden_id` names the customer it belongs to.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "customers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// The short number people say.
        pub number: i64,
        /// Itself, or the customer it was merged into.
        pub golden_id: i64,
        /// Where the record first came from.
        pub source: String,
        pub name: String,
        pub given_name: String,
        pub family_name: String,
        /// Female, male, other or empty.
        pub gender: String,
        /// 1990-02-28, --08-08 without a year, or empty.
        pub birth_date: String,
        pub country: String,
        pub city: String,
        pub address: String,
        pub postcode: String,
        pub language: String,
        pub home_store_id: Option<i64>,
        /// The person who looks after them.
        pub owner_id: Option<i64>,
        pub note: String,
        /// Lower-case name, pinyin and initials.
        pub search_text: String,
        pub import_id: Option<i64>,
        pub created_at: i64,
        /// Last change by a person, null if none.
        pub edited_at: Option<i64>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A key that points to a customer.
pub mod identifier {
    use sea_orm::entity::prelude::*;

    /// A key that points to a customer.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identifiers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// Card, phone, email, external, national_id.
        pub kind: String,
        /// Normalised; external: source, a colon, the id.
        pub value: String,
        /// Value backwards, for tails.
        pub reversed: String,
        /// As received.
        pub raw: String,
        pub verified: bool,
        /// Golden customer today.
        pub customer_id: i64,
        /// The record it came with; never changes.
        pub record_id: i64,
        pub import_id: Option<i64>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Two customers made one, and perhaps two again.
pub mod merge {
    use sea_orm::entity::prelude::*;

    /// Two customers made one, and perhaps two again.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "merges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub winner_id: i64,
        pub loser_id: i64,
        /// Key, pair or person.
        pub cause: String,
        /// JSON.
        pub evidence: String,
        /// JSON: the winner's fields this merge filled in.
        pub filled: String,
        pub actor: i64,
        pub at: i64,
        pub undone_at: Option<i64>,
        pub import_id: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
