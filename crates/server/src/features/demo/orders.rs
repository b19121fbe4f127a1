//! What people buy, bring back and exchange.

use jiff::{Span, civil::Date};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp};

use super::{
    calendar::{PEAK, promotion, weight},
    chain::{Product, STORES, shelf_price},
    dice::{chance, one_in, unit},
    people::{Person, draw_store},
};

/// One line of a sale.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Place in the assortment.
    pub product: usize,
    pub quantity: i64,
    /// Shelf price of one, minor units.
    pub price: i64,
    pub discount: i64,
}

/// A sale, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Sale {
    /// Place in [`STORES`].
    pub store: usize,
    pub day: Date,
    /// Minutes after midnight, local.
    pub minute: i64,
    pub lines: Vec<Line>,
    /// Somebody else receives it.
    pub is_gift: bool,
    /// Days later and the line that came back.
    pub returned: Option<(i32, usize)>,
    /// Days later and the product a line was exchanged for.
    pub exchanged: Option<(i32, usize, usize)>,
    /// Placed but never paid.
    pub cancelled: bool,
}

/// Everything a person buys up to and including the last day.
pub(super) fn history(
    rng: &mut ChaCha8Rng,
    person: &Person,
    last: Date,
    products: &[Product],
) -> Vec<Sale> {
    let mut sales = Vec::new();
    let mut day = person.joined;
    // The first purchase is what makes somebody a customer.
    if day <= last {
        let store = draw_store(rng, person);
        sales.push(draw_sale(rng, Some(person), store, day, last, products));
    }
    let gap = Exp::new(person.rate * PEAK / 365.0).expect("rates are positive");
    while day <= last && !chance(rng, person.leave) {
        // Thinning: candidates come at the rate of the busiest day, and ordinary
        // days let fewer of them through.
        loop {
            let days: f64 = gap.sample(rng);
            let Ok(next) = day.checked_add(Span::new().days(days.ceil().min(4_000.0) as i64))
            else {
                return sales;
            };
            day = next;
            if day > last || chance(rng, weight(day, person.country) / PEAK) {
                break;
            }
        }
        if day <= last {
            let store = draw_store(rng, person);
            sales.push(draw_sale(rng, Some(person), store, day, last, products));
        }
        if sales.len() >= 600 {
            break;
        }
    }
    sales
}

/// A sale to nobody in particular.
pub(super) fn guest_sale(
    rng: &mut ChaCha8Rng,
    first: Date,
    last: Date,
    products: &[Product],
) -> Sale {
    let days = super::calendar::days_between(first, last).max(1);
    let store = (unit(rng) * 12.0) as usize;
    let mut day;
    loop {
        day = first + Span::new().days((unit(rng) * f64::from(days)) as i64);
        if chance(rng, weight(day, STORES[store].country) / PEAK) {
            break;
        }
    }
    draw_sale(rng, None, store, day, last, products)
}

fn draw_sale(
    rng: &mut ChaCha8Rng,
    person: Option<&Person>,
    store: usize,
    day: Date,
    last: Date,
    products: &[Product],
) -> Sale {
    let off = promotion(day, STORES[store].country).unwrap_or(0);
    let generosity = person.map_or(0.8, |person| person.generosity);
    let count = 1
        + (0..5)
            .take_while(|_| chance(rng, 0.32 + 0.08 * generosity.min(3.0)))
            .count();
    let lines: Vec<Line> = (0..count)
        .map(|_| draw_line(rng, person, store, off, generosity, products))
        .collect();
    let after = |rng: &mut ChaCha8Rng, most: f64| 1 + (unit(rng) * most) as i32;
    let within = |days: i32| day + Span::new().days(days) <= last;
    let returned = chance(rng, 0.045)
        .then(|| (after(rng, 20.0), (unit(rng) * count as f64) as usize))
        .filter(|&(days, _)| within(days));
    let exchanged = (returned.is_none() && chance(rng, 0.012))
        .then(|| {
            let line = (unit(rng) * count as f64) as usize;
            (
                after(rng, 12.0),
                line,
                other_size(rng, products, lines[line].product),
            )
        })
        .filter(|&(days, _, _)| within(days));
    Sale {
        store,
        day,
        minute: 600 + (unit(rng) * 11.5 * 60.0) as i64,
        is_gift: person.is_some() && one_in(rng, 16),
        cancelled: STORES[store].channel != "store" && one_in(rng, 40),
        returned,
        exchanged,
        lines,
    }
}

fn draw_line(
    rng: &mut ChaCha8Rng,
    person: Option<&Person>,
    store: usize,
    off: i64,
    generosity: f64,
    products: &[Product],
) -> Line {
    let favourite = person
        .filter(|_| chance(rng, 0.5))
        .map(|person| person.favourite_category);
    let category = favourite.unwrap_or_else(|| {
        super::dice::pick_weighted(rng, &super::chain::CATEGORIES.map(|c| c.weight))
    });
    let matching: Vec<usize> = (0..products.len())
        .filter(|&index| products[index].category == category)
        .collect();
    // The generous look at the dearer things, too.
    let tries = if generosity > 1.3 { 2 } else { 1 };
    let product = (0..tries)
        .map(|_| matching[(unit(rng) * matching.len() as f64) as usize])
        .max_by_key(|&index| products[index].price_sgd_cents)
        .expect("every category has products");
    let price = shelf_price(products[product].price_sgd_cents, STORES[store].currency);
    let quantity = if chance(rng, 0.16) {
        2 + (unit(rng) * 3.0) as i64
    } else {
        1
    };
    let discounted = off > 0 && chance(rng, 0.7);
    let discount = if discounted {
        (price * quantity * off + 50) / 100
    } else {
        0
    };
    Line {
        product,
        quantity,
        price,
        discount,
    }
}

/// The same model in another size, where there is one.
fn other_size(rng: &mut ChaCha8Rng, products: &[Product], product: usize) -> usize {
    let model = &products[product];
    let same: Vec<usize> = (0..products.len())
        .filter(|&index| {
            products[index].category == model.category && products[index].name == model.name
        })
        .collect();
    *super::dice::pick(rng, &same)
}
