//! Tables: `orders`, `order_lines`.

/// A sale, a refund or an adjustment.
pub mod order {
    use sea_orm::entity::prelude::*;

    /// A sale, a refund or an adjustment.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub source: String,
        pub external_id: String,
        /// Sale, refund, adjustment.
        pub kind: String,
        /// Paid, pending, cancelled.
        pub status: String,
        /// Golden customer, null for a guest.
        pub customer_id: Option<i64>,
        /// The record it came with.
        pub record_id: Option<i64>,
        pub store_id: Option<i64>,
        /// Store, web, mini_program, marketplace or empty.
        pub channel: String,
        pub ordered_at: i64,
        pub business_date: String,
        pub currency: String,
        /// Before discounts; negative for refunds.
        pub gross: i64,
        pub discount: i64,
        /// Definitions.md 0.2: without tax, shipping, gift cards, points.
        pub net: i64,
        /// Exact net minus net, in millionths of a minor unit.
        pub net_residue: i64,
        pub tax: i64,
        pub shipping: i64,
        /// Whole pieces, for reports; halves are rounded away from zero, and the
        /// lines hold the exact quantity.
        pub units: i64,
        /// Decimal, order-date rate to the reporting currency.
        pub rate: String,
        pub reporting_net: i64,
        /// Refunds: the sale they reduce, when known.
        pub original_id: Option<i64>,
        /// Who receives a gift, when somebody else.
        pub recipient: Option<String>,
        /// Of the order as received; equal means unchanged.
        pub content_hash: String,
        /// Of the rows that made it and of how they were read; 0 where nobody knows.
        pub rows_hash: i64,
        pub import_id: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// One line of an order.
pub mod line {
    use sea_orm::entity::prelude::*;

    /// One line of an order.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line_no: i64,
        pub product_id: Option<i64>,
        pub sku: String,
        pub name: String,
        /// Thousandths.
        pub quantity: i64,
        /// Decimal as received.
        pub unit_price: String,
        pub discount: i64,
        /// Lines add up to the order's net.
        pub net: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
