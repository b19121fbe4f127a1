//! The book's rows in the shape of the copy: picked by id, or streamed in the
//! order of their ids.

use anyhow::anyhow;
use clientele_warehouse::rows::{
    CustomerRow, Kind, LineRow, OrderRow, ProductRow, Status, StoreRow,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::{
    db::Db,
    error::Result,
    features::{
        customers::entity::customer,
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store,
    },
};

/// How many ids one question names; both databases bind at least 32,766 values.
const IDS: usize = 10_000;

/// A table of the book that the copy has too.
pub(super) trait Copied: FromQueryResult + Send + Sync {
    /// The book's table.
    type Entity: EntityTrait<Column = Self::Column>;
    /// Its columns.
    type Column: ColumnTrait;
    /// The copy's row.
    type Row: Send;
    /// The id.
    const ID: Self::Column;

    /// The columns that are copied, of every row.
    fn select() -> Select<Self::Entity>;
    /// The row as the copy has it.
    fn into_row(self) -> Result<Self::Row>;
    /// The id of a row.
    fn id(row: &Self::Row) -> i64;
}

/// The rows with these ids that exist.
pub(super) async fn pick<T: Copied>(db: &Db, ids: &[i64]) -> Result<Vec<T::Row>> {
    let mut rows = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS) {
        let found: Vec<T> = T::select()
            .filter(T::ID.is_in(ids.iter().copied()))
            .into_model()
            .all(db.read())
            .await?;
        for record in found {
            rows.push(record.into_row()?);
        }
    }
    Ok(rows)
}

/// Up to `limit` rows after an id, in the order of ids.
pub(super) async fn after<T: Copied>(db: &Db, id: i64, limit: u64) -> Result<Vec<T::Row>> {
    let found: Vec<T> = T::select()
        .filter(T::ID.gt(id))
        .order_by_asc(T::ID)
        .limit(limit)
        .into_model()
        .all(db.read())
        .await?;
    found.into_iter().map(Copied::into_row).collect()
}

/// The lines of these orders.
pub(super) async fn lines_of(db: &Db, orders: &[i64]) -> Result<Vec<LineRow>> {
    let mut lines = Vec::new();
    for orders in orders.chunks(IDS) {
        let found: Vec<LineRecord> = select_lines()
            .filter(line::Column::OrderId.is_in(orders.iter().copied()))
            .into_model()
            .all(db.read())
            .await?;
        lines.extend(found.into_iter().map(LineRecord::into_row));
    }
    Ok(lines)
}

/// The lines of all orders in a span of ids, both ends included.
pub(super) async fn lines_between(db: &Db, first: i64, last: i64) -> Result<Vec<LineRow>> {
    let found: Vec<LineRecord> = select_lines()
        .filter(line::Column::OrderId.between(first, last))
        .order_by_asc(line::Column::OrderId)
        .order_by_asc(line::Column::LineNo)
        .into_model()
        .all(db.read())
        .await?;
    Ok(found.into_iter().map(LineRecord::into_row).collect())
}

#[derive(FromQueryResult)]
pub(super) struct CustomerRecord {
    id: i64,
    number: i64,
    golden_id: i64,
    source: String,
    country: String,
    home_store_id: Option<i64>,
    created_at: i64,
}

impl Copied for CustomerRecord {
    type Entity = customer::Entity;
    type Column = customer::Column;
    type Row = CustomerRow;
    const ID: customer::Column = customer::Column::Id;

    fn select() -> Select<customer::Entity> {
        use customer::Column as C;
        let columns = [
            C::Id,
            C::Number,
            C::GoldenId,
            C::Source,
            C::Country,
            C::HomeStoreId,
            C::CreatedAt,
        ];
        customer::Entity::find().select_only().columns(columns)
    }

    fn into_row(self) -> Result<CustomerRow> {
        Ok(CustomerRow {
            id: self.id,
            number: self.number,
            golden_id: self.golden_id,
            source: self.source,
            country: self.country,
            home_store_id: self.home_store_id,
            created_at: instant(self.created_at)?,
        })
    }

    fn id(row: &CustomerRow) -> i64 {
        row.id
    }
}

#[derive(FromQueryResult)]
pub(super) struct StoreRecord {
    id: i64,
    name: String,
    country: String,
    region: String,
    currency: String,
    time_zone: String,
    channel: String,
}

impl Copied for StoreRecord {
    type Entity = store::Entity;
    type Column = store::Column;
    type Row = StoreRow;
    const ID: store::Column = store::Column::Id;

    fn select() -> Select<store::Entity> {
        use store::Column as C;
        let columns = [
            C::Id,
            C::Name,
            C::Country,
            C::Region,
            C::Currency,
            C::TimeZone,
            C::Channel,
        ];
        store::Entity::find().select_only().columns(columns)
    }

    fn into_row(self) -> Result<StoreRow> {
        let StoreRecord {
            id,
            name,
            country,
            region,
            currency,
            time_zone,
            channel,
        } = self;
        Ok(StoreRow {
            id,
            name,
            country,
            region,
            currency,
            time_zone,
            channel,
        })
    }

    fn id(row: &StoreRow) -> i64 {
        row.id
    }
}

#[derive(FromQueryResult)]
pub(super) struct ProductRecord {
    id: i64,
    external_id: String,
    name: String,
    category: String,
    brand: String,
    size: String,
}

impl Copied for ProductRecord {
    type Entity = product::Entity;
    type Column = product::Column;
    type Row = ProductRow;
    const ID: product::Column = product::Column::Id;

    fn select() -> Select<product::Entity> {
        use product::Column as C;
        let columns = [
            C::Id,
            C::ExternalId,
            C::Name,
            C::Category,
            C::Brand,
            C::Size,
        ];
        product::Entity::find().select_only().columns(columns)
    }

    fn into_row(self) -> Result<ProductRow> {
        let ProductRecord {
            id,
            external_id,
            name,
            category,
            brand,
            size,
        } = self;
        Ok(ProductRow {
            id,
            sku: external_id,
            name,
            category,
            brand,
            size,
        })
    }

    fn id(row: &ProductRow) -> i64 {
        row.id
    }
}

#[derive(FromQueryResult)]
pub(super) struct OrderRecord {
    id: i64,
    source: String,
    kind: String,
    status: String,
    customer_id: Option<i64>,
    store_id: Option<i64>,
    channel: String,
    ordered_at: i64,
    business_date: String,
    currency: String,
    gross: i64,
    discount: i64,
    net: i64,
    net_residue: i64,
    units: i64,
    reporting_net: i64,
    original_id: Option<i64>,
}

impl Copied for OrderRecord {
    type Entity = order::Entity;
    type Column = order::Column;
    type Row = OrderRow;
    const ID: order::Column = order::Column::Id;

    fn select() -> Select<order::Entity> {
        use order::Column as C;
        order::Entity::find().select_only().columns([
            C::Id,
            C::Source,
            C::Kind,
            C::Status,
            C::CustomerId,
            C::StoreId,
            C::Channel,
            C::OrderedAt,
            C::BusinessDate,
            C::Currency,
            C::Gross,
            C::Discount,
            C::Net,
            C::NetResidue,
            C::Units,
            C::ReportingNet,
            C::OriginalId,
        ])
    }

    fn into_row(self) -> Result<OrderRow> {
        let strange = |what: &str, word: &str| anyhow!("order {}: {what} {word:?}", self.id);
        Ok(OrderRow {
            id: self.id,
            kind: Kind::parse(&self.kind).ok_or_else(|| strange("unknown kind", &self.kind))?,
            status: Status::parse(&self.status)
                .ok_or_else(|| strange("unknown status", &self.status))?,
            business_date: self
                .business_date
                .parse()
                .map_err(|_| strange("unreadable business date", &self.business_date))?,
            ordered_at: instant(self.ordered_at)?,
            source: self.source,
            customer_id: self.customer_id,
            store_id: self.store_id,
            channel: self.channel,
            currency: self.currency,
            gross: self.gross,
            discount: self.discount,
            net: self.net,
            net_residue: self.net_residue,
            units: self.units,
            reporting_net: self.reporting_net,
            original_id: self.original_id,
        })
    }

    fn id(row: &OrderRow) -> i64 {
        row.id
    }
}

#[derive(FromQueryResult)]
struct LineRecord {
    order_id: i64,
    line_no: i64,
    product_id: Option<i64>,
    sku: String,
    quantity: i64,
    net: i64,
}

impl LineRecord {
    fn into_row(self) -> LineRow {
        let LineRecord {
            order_id,
            line_no,
            product_id,
            sku,
            quantity,
            net,
        } = self;
        LineRow {
            order_id,
            line_no,
            product_id,
            sku,
            quantity,
            net,
        }
    }
}

fn select_lines() -> Select<line::Entity> {
    use line::Column as C;
    let columns = [
        C::OrderId,
        C::LineNo,
        C::ProductId,
        C::Sku,
        C::Quantity,
        C::Net,
    ];
    line::Entity::find().select_only().columns(columns)
}

fn instant(micros: i64) -> Result<Timestamp> {
    Ok(Timestamp::from_microsecond(micros).map_err(anyhow::Error::from)?)
}
