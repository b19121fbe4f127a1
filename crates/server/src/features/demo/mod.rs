//! A believable sample chain, the same for the same seed and last day: shops in
//! five countries and currencies, a web shop and a mini-program, three years of
//! orders with seasons and feasts, refunds, exchanges, guests, one person under
//! two names, families with one phone. No table of its own: its rows carry the
//! source `demo`.
//!
//! Everybody is drawn from a stream of their own, and each batch is written in
//! one transaction with the job's progress, so a killed run goes on where it was.

mod api;
mod calendar;
mod chain;
pub mod cli;
mod dice;
mod names;
mod orders;
mod people;
mod rows;
mod setup;

use std::sync::Arc;

use clientele_domain::{id::CustomerId, identity::KeyKind};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use self::api::routes;
use self::{
    dice::{chance, stream, unit},
    orders::Sale,
    people::Person,
    rows::{Rows, Shop},
};
use crate::{
    db::{Tx, What, insert_all},
    error::{Error, Result},
    features::{
        customers::{self, Cause, NewCustomer, NewIdentifier},
        grades,
        orders::entity::{line, order},
    },
    jobs::{self, JobKind, JobRun, Outcome},
};

/// The source of everything the sample chain writes.
pub(super) const SOURCE: &str = "demo";
/// People a transaction holds.
const BATCH: u64 = 500;
/// Years of history.
const YEARS: i64 = 3;

/// What to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoInput {
    /// How many people.
    pub customers: u64,
    /// Where the dice start.
    pub seed: u64,
    /// The last day of the story.
    pub until: Date,
}

impl DemoInput {
    /// Refuses sizes that make no sense.
    ///
    /// # Errors
    /// `number_out_of_range`.
    pub fn check(&self) -> Result<()> {
        if (10..=5_000_000).contains(&self.customers) {
            return Ok(());
        }
        let detail = "Choose between 10 and 5,000,000 customers.";
        Err(Error::invalid("customers", "number_out_of_range", detail)
            .with("least", 10)
            .with("most", 5_000_000))
    }
}

/// One record with its purchases, ready to be written.
struct Drawn {
    number: u64,
    person: Person,
    sales: Vec<Sale>,
    /// The same person as another channel knows them.
    twin: Option<(Person, Vec<Sale>)>,
}

/// People and guests of one batch.
struct Batch {
    people: Vec<Drawn>,
    guests: Vec<Sale>,
}

/// Runs the job.
///
/// # Errors
/// When the book fails, or the reporting currency has no known rate.
pub async fn run(run: &JobRun) -> Result<Outcome> {
    let input: DemoInput = run.input()?;
    let shop = Arc::new(setup::prepare(run, &input).await?);
    let total = input.customers;
    let mut done = jobs::find(run.app.db.read(), run.id).await?.done as u64;
    let mut next = spawn_draw(&shop, &input, done);
    while done < total {
        if let Some(outcome) = run.stop_here().await? {
            return Ok(outcome);
        }
        let batch = next
            .await
            .map_err(|error| anyhow::anyhow!("drawing people failed: {error}"))?;
        let batch_end = (done + BATCH).min(total);
        // The next people are drawn while these are written.
        next = spawn_draw(&shop, &input, batch_end);
        write_batch(
            run,
            &shop,
            batch,
            batch_end as i64,
            total as i64,
            done / BATCH,
        )
        .await?;
        done = batch_end;
        run.announce();
    }
    let finished = run.clone();
    run.app
        .db
        .write(&run.ctx, move |tx| {
            let run = finished.clone();
            Box::pin(async move {
                jobs::enqueue(tx, JobKind::FindDuplicates, &json!({})).await?;
                grades::enqueue_if_idle(tx).await?;
                run.advance(tx, "done", total as i64, total as i64).await
            })
        })
        .await?;
    Ok(Outcome::Done(
        json!({ "customers": total, "seed": input.seed }),
    ))
}

fn spawn_draw(shop: &Arc<Shop>, input: &DemoInput, from: u64) -> tokio::task::JoinHandle<Batch> {
    let (shop, input) = (shop.clone(), input.clone());
    tokio::task::spawn_blocking(move || draw_batch(&shop, &input, from))
}

fn draw_batch(shop: &Shop, input: &DemoInput, from: u64) -> Batch {
    let first = input.until - Span::new().years(YEARS);
    let days = calendar::days_between(first, input.until);
    let to = (from + BATCH).min(input.customers).max(from);
    let mut people = Vec::with_capacity((to - from) as usize);
    for number in from..to {
        let mut rng = stream(input.seed, number + 1);
        let mut person = people::draw(&mut rng, number, first, days);
        share_phones(&mut rng, input.seed, number, &mut person);
        let mut sales = orders::history(&mut rng, &person, input.until, &shop.products);
        let twin = (chance(&mut rng, 0.05) && sales.len() > 1).then(|| {
            let twin = people::second_record(&mut rng, &person, number);
            let later = sales.split_off(sales.len() / 2);
            (twin, later)
        });
        people.push(Drawn {
            number,
            person,
            sales,
            twin,
        });
    }
    // Guests have streams far away from everybody else's.
    let mut rng = stream(input.seed, (1 << 60) + from);
    let sold: usize = people.iter().map(|drawn| drawn.sales.len()).sum();
    let guests = (0..sold / 8)
        .map(|_| orders::guest_sale(&mut rng, first, input.until, &shop.products))
        .collect();
    Batch { people, guests }
}

/// Families give one phone for all, and one shop once wrote its own tablet's
/// number down for everybody.
fn share_phones(rng: &mut rand_chacha::ChaCha8Rng, seed: u64, number: u64, person: &mut Person) {
    let family = number / 3;
    let mut of_family = stream(seed, (1 << 61) + family);
    if chance(&mut of_family, 0.04) {
        person.phone = people::draw_phone(&mut of_family, "SG");
    } else if number % 400 == 17 {
        person.phone = "+6591110000".to_owned();
    } else if unit(rng) < 0.01 {
        // Written down with a mistake: no country has such a number.
        person.phone = String::new();
    }
}

async fn write_batch(
    run: &JobRun,
    shop: &Arc<Shop>,
    batch: Batch,
    done: i64,
    total: i64,
    index: u64,
) -> Result<()> {
    let (run, shop, batch) = (run.clone(), shop.clone(), Arc::new(batch));
    let ctx = run.ctx.clone();
    run.app
        .db
        .clone()
        .write(&ctx, move |tx| {
            let (run, shop, batch) = (run.clone(), shop.clone(), batch.clone());
            Box::pin(async move {
                write_people(tx, &shop, &batch, index).await?;
                run.advance(tx, "people_and_orders", done, total).await
            })
        })
        .await
}

async fn write_people(tx: &Tx, shop: &Shop, batch: &Batch, index: u64) -> Result<()> {
    let mut records = Vec::new();
    for drawn in &batch.people {
        records.push(record(
            drawn.number,
            &drawn.person,
            shop,
            "POS",
            &drawn.sales,
        ));
        if let Some((twin, sales)) = &drawn.twin {
            records.push(record(drawn.number, twin, shop, "WEB", sales));
        }
    }
    let ids = customers::insert_customers(tx, records).await?;
    let mut ids = ids.into_iter();
    let mut rows = Rows::default();
    for drawn in &batch.people {
        let main = ids.next().expect("every record got an id");
        let prefix = format!("C{:07}", drawn.number);
        add_sales(tx, shop, &mut rows, &prefix, 0, &drawn.sales, main, main)?;
        let Some((twin, sales)) = &drawn.twin else {
            continue;
        };
        let second = ids.next().expect("every record got an id");
        let shared = !twin.phone.is_empty() && twin.phone == drawn.person.phone;
        let golden = if shared {
            let evidence = json!({ "key": "phone" });
            customers::merge(tx, main, second, Cause::Key, &evidence, None).await?;
            main
        } else {
            second
        };
        add_sales(
            tx,
            shop,
            &mut rows,
            &prefix,
            drawn.sales.len(),
            sales,
            golden,
            second,
        )?;
    }
    for (number, sale) in batch.guests.iter().enumerate() {
        let name = format!("G{index:05}-{number:04}");
        rows.add_sale(tx.ctx(), shop, &name, sale, None, "")?;
    }
    for &id in &rows.ids {
        tx.changed("order", id, What::Created);
    }
    insert_all::<order::Entity, _>(tx.conn(), rows.orders).await?;
    insert_all::<line::Entity, _>(tx.conn(), rows.lines).await
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call, two places; a struct would only rename them"
)]
fn add_sales(
    tx: &Tx,
    shop: &Shop,
    rows: &mut Rows,
    prefix: &str,
    from: usize,
    sales: &[Sale],
    golden: CustomerId,
    record: CustomerId,
) -> Result<()> {
    for (number, sale) in sales.iter().enumerate() {
        let name = format!("{prefix}-{:03}", from + number + 1);
        let recipient = chain::STORES[sale.store].name;
        rows.add_sale(
            tx.ctx(),
            shop,
            &name,
            sale,
            Some((golden.0, record.0)),
            recipient,
        )?;
    }
    Ok(())
}

fn record(number: u64, person: &Person, shop: &Shop, system: &str, sales: &[Sale]) -> NewCustomer {
    let key = |kind: KeyKind, value: &str, verified: bool| {
        (!value.is_empty()).then(|| NewIdentifier {
            kind,
            value: value.to_owned(),
            raw: value.to_owned(),
            verified,
        })
    };
    let external = format!("{SOURCE}:{system}-{number}");
    let since = sales.first().map_or(person.joined, |sale| sale.day);
    let at_noon = since
        .at(12, 0, 0, 0)
        .to_zoned(shop.zones[person.home].clone());
    NewCustomer {
        source: SOURCE.to_owned(),
        name: person.name.clone(),
        given_name: person.given.clone(),
        family_name: person.family.clone(),
        gender: person.gender.to_owned(),
        birth_date: person.birth.map_or_else(String::new, |day| day.to_string()),
        country: person.country.to_owned(),
        city: person.city.to_owned(),
        address: person.address.clone(),
        postcode: person.postcode.clone(),
        language: person.language.to_owned(),
        home_store_id: Some(shop.store_ids[person.home]),
        owner_id: None,
        created_at: at_noon.ok().map(|at| at.timestamp().as_microsecond()),
        identifiers: [
            key(KeyKind::External, &external, false),
            key(KeyKind::Card, &person.card, true),
            key(KeyKind::Phone, &person.phone, false),
            key(KeyKind::Email, &person.email, false),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..NewCustomer::default()
    }
}
