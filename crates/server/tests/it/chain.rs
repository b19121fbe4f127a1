//! Random chains for differential tests: rows drawn from a seed and put into the
//! book as an import would, and the same rows for a naive fold.

use clientele::{
    ctx::Ctx,
    db::{Tx, What, insert_all},
    features::{
        customers::entity::customer,
        grades::{self, entity::grade},
        orders::entity::{line, order},
        products::entity::product,
        stores::entity::store,
    },
};
use jiff::{Timestamp, ToSpan, civil::Date};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::support::TestApp;

/// Everything in the book of one chain.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub stores: Vec<store::Model>,
    pub products: Vec<product::Model>,
    pub customers: Vec<customer::Model>,
    pub orders: Vec<order::Model>,
    pub lines: Vec<line::Model>,
}

/// The last date of every random chain.
pub const LAST: Date = Date::constant(2026, 3, 14);

const CHANNELS: [&str; 4] = ["store", "web", "mini_program", ""];

struct Dice(ChaCha20Rng);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        (self.0.next_u64() % n as u64) as i64
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }
}

impl Chain {
    /// A chain of so many customers; equal seeds give equal chains, and ids
    /// begin after `base`.
    pub fn random(seed: u64, customers: i64, base: i64) -> Self {
        let mut dice = Dice(ChaCha20Rng::seed_from_u64(seed));
        let mut chain = Chain::default();
        for number in 1..=3 {
            chain.stores.push(shop(base + number));
        }
        for number in 1..=6 {
            chain.products.push(thing(base + number));
        }
        for number in 1..=customers {
            // A few records belong to the customer made just before them.
            let merged = number > 1 && dice.one_in(12);
            let golden = if merged {
                chain.customers[number as usize - 2].golden_id
            } else {
                base + number
            };
            chain.customers.push(person(base + number, golden));
        }
        let mut next = base;
        for index in 0..chain.customers.len() {
            // Many buy once, a few often.
            let orders = [0, 1, 1, 2, 3, 5, 9, 16][dice.below(8) as usize];
            for _ in 0..orders {
                next = chain.buy(&mut dice, next, Some(index));
            }
        }
        for _ in 0..customers / 5 {
            next = chain.buy(&mut dice, next, None);
        }
        chain
    }

    /// Adds an order, and sometimes what comes back of it; answers the last id.
    fn buy(&mut self, dice: &mut Dice, last: i64, customer: Option<usize>) -> i64 {
        let id = last + 1;
        let date = LAST.saturating_sub(dice.below(1_100).days());
        let record = customer.map(|index| self.customers[index].clone());
        let mut sale = document(id, date);
        sale.customer_id = record.as_ref().map(|record| record.golden_id);
        sale.record_id = record.map(|record| record.id);
        sale.store_id = (!dice.one_in(6)).then(|| self.stores[dice.below(3) as usize].id);
        sale.channel = CHANNELS[dice.below(4) as usize].to_owned();
        sale.status = match dice.below(15) {
            0 => "cancelled",
            1 => "pending",
            _ => "paid",
        }
        .to_owned();
        let foreign = dice.one_in(4);
        for _ in 0..=dice.below(3) {
            self.line(dice, &mut sale);
        }
        if foreign {
            sale.currency = "JPY".to_owned();
            sale.rate = "0.5".to_owned();
        }
        sale.reporting_net = in_reporting(&sale);
        let mut last = id;
        if sale.status == "paid" && dice.one_in(5) {
            last += 1;
            let whole = dice.one_in(2);
            self.refund(dice, &sale, last, whole);
        }
        if dice.one_in(20) {
            last += 1;
            self.adjustment(dice, &sale, last);
        }
        self.orders.push(sale);
        last
    }

    fn line(&mut self, dice: &mut Dice, order: &mut order::Model) {
        let product = &self.products[dice.below(6) as usize];
        let pieces = 1 + dice.below(3);
        let net = if dice.one_in(25) {
            0
        } else {
            100 + dice.below(9_000)
        };
        self.lines.push(line::Model {
            order_id: order.id,
            line_no: 1 + self
                .lines
                .iter()
                .filter(|line| line.order_id == order.id)
                .count() as i64,
            product_id: Some(product.id),
            sku: product.external_id.clone(),
            name: product.name.clone(),
            quantity: pieces * 1_000,
            unit_price: "1".to_owned(),
            discount: 0,
            net,
        });
        order.gross += net;
        order.net += net;
        order.units += pieces;
    }

    fn refund(&mut self, dice: &mut Dice, sale: &order::Model, id: i64, whole: bool) {
        let date: Date = sale.business_date.parse().unwrap();
        let back = date.saturating_add((1 + dice.below(40)).days()).min(LAST);
        let part = if whole { sale.net } else { sale.net / 3 };
        let mut refund = order::Model {
            kind: "refund".to_owned(),
            status: "paid".to_owned(),
            gross: -part,
            net: -part,
            units: -1,
            original_id: (!dice.one_in(5)).then_some(sale.id),
            external_id: format!("R{id}"),
            id,
            ..sale.clone()
        };
        set_date(&mut refund, back);
        refund.reporting_net = in_reporting(&refund);
        self.orders.push(refund);
    }

    fn adjustment(&mut self, dice: &mut Dice, sale: &order::Model, id: i64) {
        let net = -dice.below(500);
        let mut adjustment = order::Model {
            kind: "adjustment".to_owned(),
            status: "paid".to_owned(),
            gross: net,
            net,
            units: 0,
            external_id: format!("A{id}"),
            id,
            ..sale.clone()
        };
        adjustment.reporting_net = in_reporting(&adjustment);
        self.orders.push(adjustment);
    }

    /// Adds another chain's rows.
    pub fn join(&mut self, other: Chain) {
        self.stores.extend(other.stores);
        self.products.extend(other.products);
        self.customers.extend(other.customers);
        self.orders.extend(other.orders);
        self.lines.extend(other.lines);
    }

    /// Puts everything into the book, with the feed.
    pub async fn put(&self, app: &TestApp) {
        let chain = self.clone();
        write(app, move |tx| {
            let chain = chain.clone();
            Box::pin(async move { chain.insert(tx).await })
        })
        .await;
    }

    async fn insert(mut self, tx: &Tx) -> clientele::error::Result<()> {
        let first = tx
            .take_numbers("customers", self.customers.len() as i64)
            .await?;
        for (number, row) in (first..).zip(&mut self.customers) {
            row.number = number;
        }
        for row in &self.stores {
            tx.changed("store", row.id, What::Created);
        }
        for row in &self.products {
            tx.changed("product", row.id, What::Created);
        }
        for row in &self.customers {
            tx.changed("customer", row.id, What::Created);
        }
        for row in &self.orders {
            tx.changed("order", row.id, What::Created);
        }
        let blanks = self.customers.iter().map(|row| grades::blank(row.id));
        let blanks: Vec<_> = blanks.map(IntoActiveModel::into_active_model).collect();
        let c = tx.conn();
        insert_all::<store::Entity, _>(c, active(self.stores)).await?;
        insert_all::<product::Entity, _>(c, active(self.products)).await?;
        insert_all::<customer::Entity, _>(c, active(self.customers)).await?;
        insert_all::<grade::Entity, _>(c, blanks).await?;
        insert_all::<order::Entity, _>(c, active(self.orders)).await?;
        insert_all::<line::Entity, _>(c, active(self.lines)).await
    }
}

fn active<M, A>(rows: Vec<M>) -> Vec<A>
where
    M: IntoActiveModel<A>,
    A: sea_orm::ActiveModelTrait,
    A::Entity: EntityTrait<Model = M>,
{
    rows.into_iter()
        .map(IntoActiveModel::into_active_model)
        .collect()
}

/// Writes as the program itself.
pub async fn write<T, F>(app: &TestApp, action: F) -> T
where
    T: Send + 'static,
    F: for<'a> Fn(&'a Tx) -> clientele::db::ActionFuture<'a, T> + Send + Sync + 'static,
{
    app.app
        .db
        .write(&Ctx::system(&app.app.env), action)
        .await
        .unwrap()
}

fn in_reporting(order: &order::Model) -> i64 {
    // Half away from zero, as every rounding of the house.
    match order.rate.as_str() {
        "0.5" => (order.net.abs() + 1) / 2 * order.net.signum(),
        _ => order.net,
    }
}

fn set_date(order: &mut order::Model, date: Date) {
    let noon: Timestamp = format!("{date}T04:00:00Z").parse().unwrap();
    order.ordered_at = noon.as_microsecond();
    order.business_date = date.to_string();
}

/// An empty sale of a day.
pub fn document(id: i64, date: Date) -> order::Model {
    let mut order = order::Model {
        id,
        source: "till".to_owned(),
        external_id: format!("S{id}"),
        kind: "sale".to_owned(),
        status: "paid".to_owned(),
        customer_id: None,
        record_id: None,
        store_id: None,
        channel: "store".to_owned(),
        ordered_at: 0,
        business_date: String::new(),
        currency: "SGD".to_owned(),
        gross: 0,
        discount: 0,
        net: 0,
        net_residue: 0,
        tax: 0,
        shipping: 0,
        units: 0,
        rate: "1".to_owned(),
        reporting_net: 0,
        original_id: None,
        recipient: None,
        content_hash: String::new(),
        rows_hash: 0,
        import_id: None,
        created_at: 1,
        version: 1,
    };
    set_date(&mut order, date);
    order
}

/// A sale of one line to a customer.
pub fn sale(id: i64, customer: i64, date: &str, net: i64) -> (order::Model, line::Model) {
    let mut order = document(id, date.parse().unwrap());
    order.customer_id = Some(customer);
    order.record_id = Some(customer);
    (order.gross, order.net, order.reporting_net, order.units) = (net, net, net, 1);
    let line = line::Model {
        order_id: id,
        line_no: 1,
        product_id: None,
        sku: "X".to_owned(),
        name: "Thing".to_owned(),
        quantity: 1_000,
        unit_price: "1".to_owned(),
        discount: 0,
        net,
    };
    (order, line)
}

/// A customer record.
pub fn person(id: i64, golden_id: i64) -> customer::Model {
    customer::Model {
        id,
        number: id,
        golden_id,
        source: "till".to_owned(),
        name: format!("Person {id}"),
        given_name: String::new(),
        family_name: String::new(),
        gender: String::new(),
        birth_date: String::new(),
        country: "SG".to_owned(),
        city: String::new(),
        address: String::new(),
        postcode: String::new(),
        language: String::new(),
        home_store_id: None,
        owner_id: None,
        note: String::new(),
        search_text: format!("person {id}"),
        import_id: None,
        created_at: 1,
        edited_at: None,
        version: 1,
    }
}

fn shop(id: i64) -> store::Model {
    store::Model {
        id,
        source: "till".to_owned(),
        external_id: format!("shop-{id}"),
        name: format!("Shop {id}"),
        country: if id % 3 == 0 { "JP" } else { "SG" }.to_owned(),
        region: String::new(),
        currency: "SGD".to_owned(),
        time_zone: String::new(),
        day_cut_minutes: 0,
        channel: "store".to_owned(),
        phone: String::new(),
        import_id: None,
        unit_id: None,
        created_at: 1,
        version: 1,
    }
}

fn thing(id: i64) -> product::Model {
    product::Model {
        id,
        source: "till".to_owned(),
        external_id: format!("sku-{id}"),
        name: format!("Thing {id}"),
        category: ["shoes", "bags", ""][id as usize % 3].to_owned(),
        brand: String::new(),
        size: String::new(),
        import_id: None,
        created_at: 1,
        version: 1,
    }
}
