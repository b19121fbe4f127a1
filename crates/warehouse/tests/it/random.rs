//! Random chains: everything that can happen to a book, from a seed.

use clientele_warehouse::rows::{CustomerRow, Kind, LineRow, OrderRow, Status};
use jiff::ToSpan;
use jiff::civil::date;

use crate::book::{Book, customer, line, sale};

/// SplitMix64: small, and the same on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub fn below(&mut self, limit: i64) -> i64 {
        (self.next() % limit as u64) as i64
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// Lets a few dozen things happen.
pub fn live(book: &mut Book, random: &mut Random, happenings: usize) {
    for _ in 0..happenings {
        match random.below(100) {
            0..10 => put_customer(book, random),
            10..55 => put_sale(book, random),
            55..72 => put_part(book, random),
            72..76 => put_loose(book, random),
            76..80 => merge(book, random),
            80..88 => edit_order(book, random),
            88..92 => delete_order(book, random),
            92..96 => move_product(book, random),
            _ => edit_customer(book, random),
        }
    }
}

fn next_id(book: &Book) -> i64 {
    // Ids of different nouns never meet, and orders come in order of time.
    book.seq * 4 + 1000
}

fn any_customer(book: &Book, random: &mut Random) -> Option<i64> {
    let golden: Vec<i64> = (book.customers.values())
        .filter(|row| row.id == row.golden_id)
        .map(|row| row.id)
        .collect();
    if golden.is_empty() || random.chance(15) {
        return None;
    }
    Some(golden[random.below(golden.len() as i64) as usize])
}

fn any_order(book: &Book, random: &mut Random) -> Option<OrderRow> {
    let at = random.below(book.orders.len().max(1) as i64) as usize;
    book.orders.values().nth(at).cloned()
}

fn any_status(random: &mut Random) -> Status {
    match random.below(20) {
        0 => Status::Pending,
        1 => Status::Cancelled,
        _ => Status::Paid,
    }
}

fn put_customer(book: &mut Book, random: &mut Random) {
    let id = next_id(book);
    let country = if random.chance(50) { "SG" } else { "CN" };
    book.put_customer(CustomerRow {
        country: country.to_owned(),
        ..customer(id)
    });
}

fn edit_customer(book: &mut Book, random: &mut Random) {
    let at = random.below(book.customers.len().max(1) as i64) as usize;
    if let Some(mut row) = book.customers.values().nth(at).cloned() {
        row.home_store_id = random.chance(70).then(|| random.below(3) + 1);
        book.put_customer(row);
    }
}

fn put_sale(book: &mut Book, random: &mut Random) {
    let id = next_id(book);
    let net = match random.below(20) {
        0 => 0,
        1 => -random.below(500),
        _ => random.below(50_000),
    };
    let order = OrderRow {
        customer_id: any_customer(book, random),
        status: any_status(random),
        store_id: random.chance(90).then(|| random.below(3) + 1),
        channel: ["store", "web", "mini_program", ""][random.below(4) as usize].to_owned(),
        business_date: date(2023, 1, 1).saturating_add(random.below(1000).days()),
        currency: ["SGD", "CNY"][random.below(2) as usize].to_owned(),
        gross: net,
        net,
        net_residue: random.below(3) * 333_333,
        reporting_net: net * (1 + random.below(3)),
        units: random.below(5),
        ..sale(id, None)
    };
    let lines = any_lines(id, random);
    book.put_order(order, lines);
}

fn any_lines(order_id: i64, random: &mut Random) -> Vec<LineRow> {
    (1..=random.below(4))
        .map(|line_no| {
            let product = random.chance(80).then(|| random.below(5) + 1);
            line(order_id, line_no, product, (random.below(4) - 1) * 1000)
        })
        .collect()
}

/// A refund or the second half of an exchange, of a sale or of such a part.
fn put_part(book: &mut Book, random: &mut Random) {
    let Some(original) = any_order(book, random) else {
        return;
    };
    let id = next_id(book);
    let whole = random.chance(40);
    let share = if whole { 1000 } else { random.below(1000) };
    let part = |amount: i64| -amount * share / 1000;
    let kind = if random.chance(75) {
        Kind::Refund
    } else {
        Kind::Sale
    };
    let sign = if kind == Kind::Sale { -1 } else { 1 };
    let order = OrderRow {
        id,
        kind,
        status: any_status(random),
        customer_id: if random.chance(90) {
            original.customer_id
        } else {
            any_customer(book, random)
        },
        business_date: original
            .business_date
            .saturating_add((random.below(90) - 5).days()),
        currency: if random.chance(95) {
            original.currency.clone()
        } else {
            "JPY".to_owned()
        },
        gross: sign * part(original.gross),
        net: sign * part(original.net),
        net_residue: if whole { -original.net_residue } else { 0 },
        reporting_net: sign * part(original.reporting_net),
        units: -original.units,
        original_id: Some(if random.chance(97) { original.id } else { id }),
        ..original
    };
    let lines = any_lines(id, random);
    book.put_order(order, lines);
}

/// A refund or an adjustment that belongs to nothing known.
fn put_loose(book: &mut Book, random: &mut Random) {
    let id = next_id(book);
    let net = random.below(20_000) - 15_000;
    let order = OrderRow {
        kind: if random.chance(70) {
            Kind::Refund
        } else {
            Kind::Adjustment
        },
        customer_id: any_customer(book, random),
        business_date: date(2023, 1, 1).saturating_add(random.below(1000).days()),
        gross: net,
        net,
        reporting_net: net,
        units: -1,
        original_id: random.chance(30).then_some(7),
        ..sale(id, None)
    };
    book.put_order(order, Vec::new());
}

/// Gives all orders of one customer to another.
fn merge(book: &mut Book, random: &mut Random) {
    let (Some(winner), Some(loser)) = (any_customer(book, random), any_customer(book, random))
    else {
        return;
    };
    if winner == loser {
        return;
    }
    for mut row in book
        .customers
        .values()
        .filter(|row| row.golden_id == loser)
        .cloned()
        .collect::<Vec<_>>()
    {
        row.golden_id = winner;
        book.put_customer(row);
    }
    let theirs: Vec<OrderRow> = book
        .orders
        .values()
        .filter(|order| order.customer_id == Some(loser))
        .cloned()
        .collect();
    for order in theirs {
        let lines = book.lines[&order.id].clone();
        book.put_order(
            OrderRow {
                customer_id: Some(winner),
                ..order
            },
            lines,
        );
    }
}

fn edit_order(book: &mut Book, random: &mut Random) {
    let Some(mut order) = any_order(book, random) else {
        return;
    };
    order.status = any_status(random);
    if random.chance(50) {
        order.business_date = order.business_date.saturating_add(random.below(40).days());
    }
    let lines = match random.chance(50) {
        true => any_lines(order.id, random),
        false => book.lines[&order.id].clone(),
    };
    book.put_order(order, lines);
}

fn delete_order(book: &mut Book, random: &mut Random) {
    if let Some(order) = any_order(book, random) {
        book.delete_order(order.id);
    }
}

fn move_product(book: &mut Book, random: &mut Random) {
    let mut product = book.products[&(random.below(4) + 1)].clone();
    product.category = ["shoes", "bags", "hats", ""][random.below(4) as usize].to_owned();
    book.put_product(product);
}
