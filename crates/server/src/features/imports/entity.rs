//! Tables: `imports`, `import_rejects`, `import_effects`, `source_mappings`, `uploads`.

/// One file given to the program.
pub mod import {
    use sea_orm::entity::prelude::*;

    /// One file given to the program.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        /// Orders, customers, products, stores.
        pub kind: String,
        pub source: String,
        pub file_name: String,
        pub file_hash: String,
        /// JSON: encoding, delimiter, mapping and the rest.
        pub options: String,
        pub dry_run: bool,
        /// Queued, running, done, failed, cancelled, undoing, undone.
        pub state: String,
        pub job_id: Option<i64>,
        pub rows_total: i64,
        /// Rows whose outcome is committed.
        pub rows_done: i64,
        pub rows_new: i64,
        pub rows_updated: i64,
        pub rows_unchanged: i64,
        pub rows_rejected: i64,
        /// JSON: where to go on after a kill.
        pub resume: String,
        /// JSON: counts by noun; after an undo what was kept.
        pub summary: String,
        pub created_by: i64,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A row that could not be used.
pub mod reject {
    use sea_orm::entity::prelude::*;

    /// A row that could not be used.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_rejects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i64,
        pub field: String,
        pub code: String,
        /// JSON for the translated message.
        pub params: String,
        /// JSON: the row as received, cell by cell.
        pub cells: String,
        pub resolved: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a row was before an import changed it.
pub mod effect {
    use sea_orm::entity::prelude::*;

    /// What a row was before an import changed it.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_effects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub noun: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub noun_id: i64,
        /// JSON of the row before the import changed it.
        pub before: String,
        pub after_version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How the last file of a source was read.
pub mod source_mapping {
    use sea_orm::entity::prelude::*;

    /// How the last file of a source was read.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source_mappings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        pub options: String,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A file waiting for its import.
pub mod upload {
    use sea_orm::entity::prelude::*;

    /// A file waiting for its import.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "uploads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub name: String,
        pub size_bytes: i64,
        pub sha256: String,
        pub created_by: i64,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
