//! Turns the story into rows of the book.

use clientele_domain::{
    business,
    money::{Currency, Money, convert},
};
use jiff::{Span, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use sea_orm::Set;

use super::{
    SOURCE,
    chain::{Product, STORES},
    orders::{Line, Sale},
};
use crate::{
    ctx::Ctx,
    error::Result,
    features::{
        orders::entity::{line, order},
        settings::Rates,
    },
};

/// What every row needs to know of the chain.
pub(super) struct Shop {
    pub store_ids: Vec<i64>,
    pub product_ids: Vec<i64>,
    pub products: Vec<Product>,
    pub zones: Vec<TimeZone>,
    pub currencies: Vec<Currency>,
    pub rates: Rates,
    pub reporting: Currency,
}

/// Whose order it is: golden customer and record, nobody for a guest.
pub(super) type Owner = Option<(i64, i64)>;

/// The rows of one batch.
#[derive(Default)]
pub(super) struct Rows {
    pub orders: Vec<order::ActiveModel>,
    pub lines: Vec<line::ActiveModel>,
    pub ids: Vec<i64>,
}

/// One document before it is a row.
struct Document<'a> {
    external_id: String,
    kind: &'static str,
    status: &'static str,
    store: usize,
    day: Date,
    minute: i64,
    lines: Vec<Line>,
    owner: Owner,
    original: Option<i64>,
    recipient: Option<&'a str>,
}

impl Rows {
    /// Adds a sale with its return or exchange.
    pub fn add_sale(
        &mut self,
        ctx: &Ctx,
        shop: &Shop,
        number: &str,
        sale: &Sale,
        owner: Owner,
        recipient: &str,
    ) -> Result<()> {
        let sold = Document {
            external_id: number.to_owned(),
            kind: "sale",
            status: if sale.cancelled { "cancelled" } else { "paid" },
            store: sale.store,
            day: sale.day,
            minute: sale.minute,
            lines: sale.lines.clone(),
            owner,
            original: None,
            recipient: sale.is_gift.then_some(recipient),
        };
        let id = self.add(ctx, shop, &sold)?;
        if sale.cancelled {
            return Ok(());
        }
        if let Some((days, index)) = sale.returned {
            let back = turned_back(&sale.lines[index]);
            self.add(
                ctx,
                shop,
                &after(&sold, "refund", "R", days, vec![back], id),
            )?;
        }
        if let Some((days, index, product)) = sale.exchanged {
            let back = turned_back(&sale.lines[index]);
            let instead = Line {
                product,
                quantity: sale.lines[index].quantity,
                ..sale.lines[index]
            };
            self.add(
                ctx,
                shop,
                &after(&sold, "adjustment", "X", days, vec![back, instead], id),
            )?;
        }
        Ok(())
    }

    fn add(&mut self, ctx: &Ctx, shop: &Shop, document: &Document<'_>) -> Result<i64> {
        let store = &STORES[document.store];
        let currency = shop.currencies[document.store];
        let at = document.day.at(
            (document.minute / 60) as i8,
            (document.minute % 60) as i8,
            0,
            0,
        );
        let instant = business::instant(at, None, &shop.zones[document.store])
            .map_err(|error| anyhow::anyhow!("a sample order has no instant: {error}"))?;
        let gross: i64 = document
            .lines
            .iter()
            .map(|line| line.price * line.quantity)
            .sum();
        let discount: i64 = document.lines.iter().map(|line| line.discount).sum();
        let net = gross - discount;
        let day = document.day.to_string();
        let rate = shop.rates.on(store.currency, &day).ok_or_else(|| {
            anyhow::anyhow!("the sample chain sets a rate for {}", store.currency)
        })?;
        let reporting_net = convert(net, currency, rate, shop.reporting)
            .map_err(|error| anyhow::anyhow!("a sample amount does not convert: {error}"))?;
        let id = ctx.next_id();
        self.ids.push(id);
        self.orders.push(order::ActiveModel {
            id: Set(id),
            source: Set(SOURCE.to_owned()),
            external_id: Set(document.external_id.clone()),
            kind: Set(document.kind.to_owned()),
            status: Set(document.status.to_owned()),
            customer_id: Set(document.owner.map(|(golden, _)| golden)),
            record_id: Set(document.owner.map(|(_, record)| record)),
            store_id: Set(Some(shop.store_ids[document.store])),
            channel: Set(store.channel.to_owned()),
            ordered_at: Set(instant.as_microsecond()),
            business_date: Set(day),
            currency: Set(store.currency.to_owned()),
            gross: Set(gross),
            discount: Set(discount),
            net: Set(net),
            net_residue: Set(0),
            tax: Set(tax_on(net, store.country)),
            shipping: Set(0),
            units: Set(document.lines.iter().map(|line| line.quantity).sum()),
            rate: Set(rate.normalize().to_string()),
            reporting_net: Set(reporting_net),
            original_id: Set(document.original),
            recipient: Set(document.recipient.map(str::to_owned)),
            content_hash: Set(String::new()),
            rows_hash: Set(0),
            import_id: Set(None),
            created_at: Set(ctx.now_micros()),
            version: Set(1),
        });
        for (number, line) in (1..).zip(&document.lines) {
            self.lines.push(line_row(id, number, line, shop, currency));
        }
        Ok(id)
    }
}

fn line_row(
    order_id: i64,
    line_no: i64,
    line: &Line,
    shop: &Shop,
    currency: Currency,
) -> line::ActiveModel {
    let product = &shop.products[line.product];
    line::ActiveModel {
        order_id: Set(order_id),
        line_no: Set(line_no),
        product_id: Set(Some(shop.product_ids[line.product])),
        sku: Set(product.sku.clone()),
        name: Set(product.name.clone()),
        quantity: Set(line.quantity * 1_000),
        unit_price: Set(Money::new(line.price, currency)
            .to_decimal()
            .normalize()
            .to_string()),
        discount: Set(line.discount),
        net: Set(line.price * line.quantity - line.discount),
    }
}

/// What a line looks like when it comes back.
fn turned_back(line: &Line) -> Line {
    Line {
        quantity: -line.quantity,
        discount: -line.discount,
        ..line.clone()
    }
}

/// A document that follows a sale some days later.
fn after<'a>(
    sold: &Document<'a>,
    kind: &'static str,
    letter: &str,
    days: i32,
    lines: Vec<Line>,
    original: i64,
) -> Document<'a> {
    Document {
        external_id: format!("{letter}-{}", sold.external_id),
        kind,
        status: "paid",
        store: sold.store,
        day: sold.day + Span::new().days(days),
        minute: sold.minute,
        lines,
        owner: sold.owner,
        original: Some(original),
        recipient: None,
    }
}

/// The tax beside a net amount, in the same minor units.
fn tax_on(net: i64, country: &str) -> i64 {
    let percent = match country {
        "SG" => 9,
        "MY" => 8,
        "CN" => 13,
        "JP" => 10,
        _ => 5,
    };
    (Decimal::from(net * percent) / Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
        .try_into()
        .unwrap_or(0)
}
