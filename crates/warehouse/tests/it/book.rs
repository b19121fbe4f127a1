//! A book in memory: what the tables should hold, and the feed's batches.

use std::collections::{BTreeMap, BTreeSet};

use clientele_warehouse::rows::{
    CustomerRow, Fingerprint, Kind, LineRow, OrderRow, ProductRow, Status, StoreRow,
};
use clientele_warehouse::{Piece, Rows, Table, TableBatch};
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// Which ids changed since the last batch, and which of them are new.
#[derive(Clone, Default)]
struct Touched {
    created: BTreeSet<i64>,
    changed: BTreeSet<i64>,
    deleted: BTreeSet<i64>,
}

impl Touched {
    fn put(&mut self, id: i64, is_new: bool) {
        if is_new && !self.deleted.remove(&id) {
            self.created.insert(id);
        } else if !self.created.contains(&id) {
            self.changed.insert(id);
        }
    }

    fn delete(&mut self, id: i64) {
        self.changed.remove(&id);
        // Also an id the warehouse never saw: deleting it twice must not hurt.
        self.created.remove(&id);
        self.deleted.insert(id);
    }

    fn rows<R: Clone>(&self, of: impl Fn(i64) -> Vec<R>) -> Rows<R> {
        Rows {
            created: self.created.iter().flat_map(|id| of(*id)).collect(),
            changed: self.changed.iter().flat_map(|id| of(*id)).collect(),
            deleted: self.deleted.iter().copied().collect(),
        }
    }
}

#[derive(Clone, Default)]
pub struct Book {
    pub customers: BTreeMap<i64, CustomerRow>,
    pub stores: BTreeMap<i64, StoreRow>,
    pub products: BTreeMap<i64, ProductRow>,
    pub orders: BTreeMap<i64, OrderRow>,
    pub lines: BTreeMap<i64, Vec<LineRow>>,
    /// The number of the latest change.
    pub seq: i64,
    /// The last change of the latest batch.
    pub sent: i64,
    customers_touched: Touched,
    stores_touched: Touched,
    products_touched: Touched,
    orders_touched: Touched,
}

impl Book {
    /// Two stores in two countries and four products in two categories.
    pub fn with_stores() -> Self {
        let mut book = Self::default();
        for (id, country) in [(1, "SG"), (2, "CN"), (3, "SG")] {
            book.put_store(StoreRow {
                id,
                name: format!("Store {id}"),
                country: country.to_owned(),
                region: String::new(),
                currency: "SGD".to_owned(),
                time_zone: "Asia/Singapore".to_owned(),
                channel: "store".to_owned(),
            });
        }
        for (id, category) in [(1, "shoes"), (2, "bags"), (3, "bags"), (4, "")] {
            book.put_product(ProductRow {
                id,
                sku: format!("SKU-{id}"),
                name: format!("商品 {id}"),
                category: category.to_owned(),
                brand: String::new(),
                size: String::new(),
            });
        }
        book
    }

    pub fn put_customer(&mut self, row: CustomerRow) {
        self.seq += 1;
        let id = row.id;
        let is_new = self.customers.insert(id, row).is_none();
        self.customers_touched.put(id, is_new);
    }

    pub fn put_store(&mut self, row: StoreRow) {
        self.seq += 1;
        let id = row.id;
        let is_new = self.stores.insert(id, row).is_none();
        self.stores_touched.put(id, is_new);
    }

    pub fn put_product(&mut self, row: ProductRow) {
        self.seq += 1;
        let id = row.id;
        let is_new = self.products.insert(id, row).is_none();
        self.products_touched.put(id, is_new);
    }

    pub fn put_order(&mut self, row: OrderRow, lines: Vec<LineRow>) {
        self.seq += 1;
        let id = row.id;
        let is_new = self.orders.insert(id, row).is_none();
        self.lines.insert(id, lines);
        self.orders_touched.put(id, is_new);
    }

    pub fn delete_order(&mut self, id: i64) {
        self.seq += 1;
        self.orders.remove(&id);
        self.lines.remove(&id);
        self.orders_touched.delete(id);
    }

    /// Everything since the last batch.
    pub fn take_batch(&mut self) -> TableBatch {
        let batch = self.batch();
        self.sent = self.seq;
        self.customers_touched = Touched::default();
        self.stores_touched = Touched::default();
        self.products_touched = Touched::default();
        self.orders_touched = Touched::default();
        batch
    }

    /// The same without considering it sent.
    pub fn batch(&self) -> TableBatch {
        let lines = |id: i64| self.lines.get(&id).cloned().unwrap_or_default();
        let mut order_lines = self.orders_touched.rows(lines);
        let lost_all = self
            .orders_touched
            .changed
            .iter()
            .filter(|id| lines(**id).is_empty());
        order_lines.deleted.extend(lost_all);
        TableBatch {
            from_seq: self.sent,
            to_seq: self.seq,
            customers: self
                .customers_touched
                .rows(|id| vec![self.customers[&id].clone()]),
            stores: self
                .stores_touched
                .rows(|id| vec![self.stores[&id].clone()]),
            products: self
                .products_touched
                .rows(|id| vec![self.products[&id].clone()]),
            orders: self
                .orders_touched
                .rows(|id| vec![self.orders[&id].clone()]),
            order_lines,
        }
    }

    /// The whole book for a rebuild, in pieces.
    pub fn pieces(&self) -> Vec<Piece> {
        let masters = Piece {
            customers: self.customers.values().cloned().collect(),
            stores: self.stores.values().cloned().collect(),
            products: self.products.values().cloned().collect(),
            ..Piece::default()
        };
        let orders: Vec<&OrderRow> = self.orders.values().collect();
        let documents = orders.chunks(17).map(|orders| Piece {
            orders: orders.iter().map(|order| (*order).clone()).collect(),
            order_lines: orders
                .iter()
                .flat_map(|order| self.lines[&order.id].clone())
                .collect(),
            ..Piece::default()
        });
        std::iter::once(masters).chain(documents).collect()
    }

    pub fn fingerprint(&self, table: Table) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        let mut add = |digest| fingerprint.add(digest);
        match table {
            Table::Customers => self.customers.values().for_each(|row| add(row.digest())),
            Table::Stores => self.stores.values().for_each(|row| add(row.digest())),
            Table::Products => self.products.values().for_each(|row| add(row.digest())),
            Table::OrderLines => self
                .lines
                .values()
                .flatten()
                .for_each(|row| add(row.digest())),
            Table::Orders => self.orders.values().for_each(|row| add(row.digest())),
        }
        fingerprint
    }
}

pub fn customer(id: i64) -> CustomerRow {
    CustomerRow {
        id,
        number: id + 1000,
        golden_id: id,
        source: "till".to_owned(),
        country: "SG".to_owned(),
        home_store_id: (id % 2 == 0).then_some(1),
        created_at: Timestamp::from_microsecond(1_700_000_000_123_456 + id).unwrap(),
    }
}

/// A paid sale of 10.00 SGD in store 1 on 2026-01-01.
pub fn sale(id: i64, customer_id: Option<i64>) -> OrderRow {
    OrderRow {
        id,
        source: "till".to_owned(),
        kind: Kind::Sale,
        status: Status::Paid,
        customer_id,
        store_id: Some(1),
        channel: "store".to_owned(),
        ordered_at: Timestamp::from_microsecond(1_767_225_600_000_000 + id).unwrap(),
        business_date: date(2026, 1, 1),
        currency: "SGD".to_owned(),
        gross: 1000,
        discount: 0,
        net: 1000,
        net_residue: 0,
        units: 1,
        reporting_net: 1000,
        original_id: None,
    }
}

/// The same, on a date and of an amount.
pub fn sale_on(id: i64, customer_id: i64, on: Date, net: i64) -> OrderRow {
    let order = sale(id, Some(customer_id));
    OrderRow {
        business_date: on,
        gross: net,
        net,
        reporting_net: net,
        ..order
    }
}

/// A refund that takes an amount from a sale, or from none.
pub fn refund_on(id: i64, customer_id: i64, on: Date, net: i64, of: Option<i64>) -> OrderRow {
    let order = sale_on(id, customer_id, on, -net);
    OrderRow {
        kind: Kind::Refund,
        units: -1,
        original_id: of,
        ..order
    }
}

pub fn line(order_id: i64, line_no: i64, product_id: Option<i64>, quantity: i64) -> LineRow {
    LineRow {
        order_id,
        line_no,
        product_id,
        sku: product_id.map_or_else(String::new, |id| format!("SKU-{id}")),
        quantity,
        net: quantity / 10,
    }
}
