//! What people wait for: lists, lookups, pages.

use std::time::Duration;

use clientele_domain::id::CustomerId;

use super::{cpu, house::House, ms, per_second, raw::Raw, rows, say, time};

/// Requests measured for each kind, alternately with their raw counterpart.
const REQUESTS: usize = 200;

/// One request against the SQL that it cannot do without, taken in turn.
async fn alternate(
    house: &House,
    what: &str,
    paths: &[String],
    sql: impl Fn(usize) -> String,
    counterpart: &str,
) {
    let (mut ours, mut raw) = (Duration::ZERO, Duration::ZERO);
    for (at, path) in paths.iter().cycle().take(REQUESTS).enumerate() {
        ours += time(house.ask(path)).await.0;
        raw += time(rows(house.book(), &sql(at % paths.len()))).await.0;
    }
    let each = REQUESTS as u32;
    say(
        what,
        ours / each,
        raw / each,
        &per_second(REQUESTS, ours),
        counterpart,
    );
}

/// Phone numbers and who has them: of a person or two, or those of many people, such as a
/// till's own.
fn phones(shared: bool) -> String {
    let many = "SELECT value FROM identifiers WHERE kind = 'phone' GROUP BY value \
         HAVING COUNT(DISTINCT customer_id) > 100";
    if shared {
        return many.to_owned();
    }
    format!(
        "SELECT customer_id AS id, value FROM identifiers WHERE kind = 'phone' \
         AND value NOT IN ({many}) ORDER BY record_id LIMIT 50"
    )
}

pub async fn measure(house: &House) {
    let known = rows(house.book(), &phones(false)).await;
    let people: Vec<(i64, String)> = known
        .iter()
        .map(|row| {
            (
                row.try_get("", "id").expect("an id"),
                row.try_get("", "value").expect("a phone"),
            )
        })
        .collect();
    let tail = |phone: &str| phone[phone.len().saturating_sub(6)..].to_owned();
    let tails: Vec<String> = people.iter().map(|(_, phone)| tail(phone)).collect();
    let shared: Vec<String> = rows(house.book(), &phones(true))
        .await
        .iter()
        .map(|row| tail(&row.try_get::<String>("", "value").expect("a phone")))
        .collect();
    let prefixed = |id: i64| CustomerId(id).to_string();

    alternate(
        house,
        "list, first page",
        &["/api/customers?limit=100".to_owned()],
        |_| "SELECT * FROM grades g JOIN customers c ON c.id = g.customer_id ORDER BY g.monetary DESC, g.customer_id DESC LIMIT 100".to_owned(),
        "the same 100 rows by SQL",
    )
    .await;
    alternate(
        house,
        "list, filtered",
        &["/api/customers?rfm_group=at_risk&sort=-last_order&limit=100".to_owned()],
        |_| "SELECT * FROM grades g JOIN customers c ON c.id = g.customer_id WHERE g.rfm_group = 'at_risk' ORDER BY g.last_order DESC, g.customer_id DESC LIMIT 100".to_owned(),
        "the same 100 rows by SQL",
    )
    .await;
    measure_lookups(house, "lookup by phone tail", &tails).await;
    if !shared.is_empty() {
        measure_lookups(house, "lookup by a number of many", &shared).await;
    }
    let pages: Vec<String> = people
        .iter()
        .map(|(id, _)| format!("/api/customers/{}", prefixed(*id)))
        .collect();
    alternate(
        house,
        "customer page",
        &pages,
        |at| {
            format!(
                "SELECT * FROM customers c JOIN grades g ON g.customer_id = c.id WHERE c.id = {}",
                people[at].0
            )
        },
        "customer and grade by SQL",
    )
    .await;
    let timelines: Vec<String> = pages
        .iter()
        .map(|page| format!("{page}/timeline"))
        .collect();
    alternate(
        house,
        "timeline, first page",
        &timelines,
        |at| {
            format!(
                "SELECT * FROM orders WHERE customer_id = {} ORDER BY ordered_at DESC LIMIT 100",
                people[at].0
            )
        },
        "the customer's orders by SQL",
    )
    .await;
}

/// Rounds of lookups: processor time is counted in hundredths of a second at worst.
const ROUNDS: usize = 20;

/// Lookups beside the same statements through rusqlite, by processor time, after a round
/// that has brought the pages of the book into memory.
async fn measure_lookups(house: &House, what: &str, tails: &[String]) {
    let lookups: Vec<String> = tails
        .iter()
        .map(|tail| format!("/api/lookup?q={tail}"))
        .collect();
    let raw = Raw::open(&house.file());
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    let mut times = Vec::new();
    for path in &lookups {
        house.get(path).await;
    }
    for _ in 0..ROUNDS {
        let before = cpu();
        for path in &lookups {
            times.push(time(house.ask(path)).await.0);
        }
        ours += cpu() - before;
        let before = cpu();
        for tail in tails {
            assert!(raw.look_up(tail) > 0, "{tail} is somebody's");
        }
        theirs += cpu() - before;
    }
    let each = times.len() as u32;
    let ninety_ninth = percentile(&mut times, 99);
    say(
        &format!("{what}, processor time"),
        ours / each,
        theirs / each,
        &format!("99 of 100 in {}", ms(ninety_ninth)),
        "the same statements through rusqlite",
    );
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// Every filter under every order, at the top and far down; parts of names.
pub async fn measure_lists(house: &House) {
    let store = rows(
        house.book(),
        "SELECT home_store_id AS id FROM customers WHERE home_store_id IS NOT NULL LIMIT 1",
    )
    .await;
    let store: i64 = store[0].try_get("", "id").expect("an id");
    let store = format!("store_id={}", clientele_domain::id::StoreId(store));
    let six = format!("tier=silver,gold&lifecycle=active&abc=a,b&r=4,5&country=SG,CN&{store}");
    let filters = [
        ("no filter", ""),
        ("tier", "tier=gold"),
        ("group", "rfm_group=at_risk"),
        ("stage", "lifecycle=lapsed"),
        ("class", "abc=c"),
        ("scores", "r=1&f=5"),
        ("store", store.as_str()),
        ("country", "country=SG"),
        ("six conditions", six.as_str()),
        ("part of a name", "q=ei"),
        ("initials", "q=wxm"),
        ("two parts of a name", "q=an%20li"),
        ("nobody's name", "q=qqqqq"),
    ];
    let orders = ["monetary", "last_order", "frequency", "name", "number"];
    println!(
        "\n| list | customers | half of the pages | 99 of 100 | the slowest |\n|---|---|---|---|---|"
    );
    for (what, filter) in filters {
        let mut times = Vec::new();
        let mut total = 0;
        for order in orders {
            for sign in ["", "-"] {
                let mut path = format!("/api/customers?sort={sign}{order}&limit=100&{filter}");
                for _ in 0..20 {
                    let (took, page) = time(house.get(&path)).await;
                    times.push(took);
                    total = page["total"]["count"].as_u64().unwrap_or_default();
                    let Some(next) = page["next"].as_str() else {
                        break;
                    };
                    let next: String = form_urlencoded(next);
                    path = format!(
                        "/api/customers?sort={sign}{order}&limit=100&{filter}&cursor={next}"
                    );
                }
            }
        }
        let half = percentile(&mut times, 50);
        let ninety_ninth = percentile(&mut times, 99);
        let slowest = percentile(&mut times, 100);
        println!(
            "| {what} | {total} | {} | {} | {} |",
            ms(half),
            ms(ninety_ninth),
            ms(slowest)
        );
    }
    let (took, _) = time(house.get("/api/reports/rfm")).await;
    println!("\nThe grid of recency and frequency took {}.", ms(took));
}

fn form_urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
