//! Measures the warehouse beside DuckDB over the same files, question by question in
//! turn.
//!
//! `cargo bench --workspace --bench measure -- 1000000 FOLDER PYTHON [QUESTION…]`: how
//! many customers, where their chain is kept for the next run, a Python that has the
//! package `duckdb`, and which questions, all unless said.

#![expect(
    clippy::print_stdout,
    reason = "printing figures is what the program is for"
)]
#![expect(clippy::disallowed_methods, reason = "it times the program itself")]

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use clientele_domain::{abc, lifecycle, rfm, tier};
use clientele_warehouse::metrics::{CustomerMetrics, MetricsQuery};
use clientele_warehouse::reports::{MonthlyQuery, Place};
use clientele_warehouse::rows::{CustomerRow, Kind, LineRow, OrderRow, ProductRow, Status};
use clientele_warehouse::{Options, TableBatch, Warehouse};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Orders that one sync brings.
const STRETCH: i64 = 100_000;
const ORDERS_PER_CUSTOMER: i64 = 10;
const LINES_PER_ORDER: i64 = 3;
const AS_OF: Date = date(2026, 6, 30);
/// Times every question is asked of both; the median counts.
const TURNS: usize = 3;

/// Wall and processor time, milliseconds.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let [customers, folder, python, questions @ ..] = arguments.as_slice() else {
        return Err("say how many customers, a folder and a Python".into());
    };
    let customers: i64 = customers.parse()?;
    let folder = PathBuf::from(folder).join(format!("chain-{customers}"));
    let warehouse = chain(&folder, customers).await?;
    println!("{} files", warehouse.live_files());

    let mut duckdb = DuckDb::start(python, &folder)?;
    println!("| what | here (CPU) | DuckDB (CPU) | ratio (CPU) |\n|---|---|---|---|");
    for question in ["grade", "store months", "monthly", "cohorts", "home"] {
        if !questions.is_empty() && !questions.iter().any(|one| one == question) {
            continue;
        }
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let before = cpu_ms()?;
            let start = Instant::now();
            let answer = ask(&warehouse, question).await?;
            ours.push(Cost {
                wall: start.elapsed().as_secs_f64() * 1e3,
                cpu: cpu_ms()? - before,
            });
            let (cost, expected) = duckdb.ask(question)?;
            theirs.push(cost);
            if answer != expected {
                return Err(format!("{question}: {answer}, but DuckDB says {expected}").into());
            }
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "| {question} | {:.0} ms ({:.0}) | {:.0} ms ({:.0}) | **{:.2}×** ({:.2}×) |",
            ours.wall,
            ours.cpu,
            theirs.wall,
            theirs.cpu,
            ours.wall / theirs.wall,
            ours.cpu / theirs.cpu
        );
    }
    println!("{:.0} MB at most", peak_mb()?);
    Ok(())
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|left, right| left.wall.total_cmp(&right.wall));
    costs[costs.len() / 2]
}

/// Processor time of this process so far, all threads together.
fn cpu_ms() -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name before the last bracket may hold blanks; user and system time are the
    // 12th and 13th field after it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = (fields.split_whitespace().skip(11).take(2))
        .map(|field| field.parse::<f64>().unwrap_or(0.0))
        .sum();
    Ok(ticks * 1e3 / TICKS_PER_SECOND)
}

/// The most memory this process has held.
fn peak_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().next())
        .unwrap_or("0")
        .parse()?;
    Ok(kilobytes / 1024.0)
}

/// DuckDB in a process of its own, on as many threads.
struct DuckDb {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl DuckDb {
    fn start(python: &str, folder: &Path) -> Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/counterpart.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(folder)
            .arg(Options::default().threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = process.stdin.take().ok_or("no standard input")?;
        let answers = process.stdout.take().ok_or("no standard output")?;
        Ok(Self {
            process,
            questions,
            answers: BufReader::new(answers),
        })
    }

    fn ask(&mut self, question: &str) -> Result<(Cost, i64)> {
        writeln!(self.questions, "{question}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let [wall, cpu, answer] = words.as_slice() else {
            return Err(format!("DuckDB failed at {question}").into());
        };
        let cost = Cost {
            wall: wall.parse()?,
            cpu: cpu.parse()?,
        };
        Ok((cost, answer.parse()?))
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Opens the chain in its folder, made first when it is not there.
async fn chain(folder: &Path, customers: i64) -> Result<Warehouse> {
    let orders = customers * ORDERS_PER_CUSTOMER;
    let warehouse = Warehouse::open(folder, Options::default()).await?;
    if warehouse.position() >= orders {
        return Ok(warehouse);
    }
    let (mut seconds, before) = (0.0, cpu_ms()?);
    for first in (warehouse.position()..orders).step_by(STRETCH as usize) {
        let batch = stretch(first, customers);
        let start = Instant::now();
        warehouse.sync(batch).await?;
        seconds += start.elapsed().as_secs_f64();
    }
    println!(
        "{orders} orders with {LINES_PER_ORDER} lines each came in stretches of {STRETCH} in \
         {seconds:.1} s ({:.1} CPU s with their making)",
        (cpu_ms()? - before) / 1e3
    );
    Ok(warehouse)
}

/// Answers a question and sums the answer up in the number that DuckDB gives too.
async fn ask(warehouse: &Warehouse, question: &str) -> Result<i64> {
    Ok(match question {
        "grade" => grade(warehouse).await?,
        "store months" => {
            let months = warehouse.store_months(AS_OF).await?;
            let figures = months.iter().map(|month| month.figures);
            figures
                .map(|f| f.net + f.orders + f.units + f.refunded + f.identified_net + f.customers)
                .sum()
        }
        "monthly" => {
            let query = MonthlyQuery {
                as_of: AS_OF,
                place: Place::default(),
            };
            let months = warehouse.monthly(query).await?;
            let sums = (months.iter())
                .map(|m| m.net + m.orders + m.units + m.customers + m.new_customers + m.new_net);
            sums.sum()
        }
        "home" => {
            let home = warehouse.home(AS_OF, Place::default()).await?;
            let rates = home
                .repeat_rate
                .iter()
                .map(|rate| rate.numerator + rate.denominator);
            let identified = home.identification_rate.iter().map(|rate| rate.numerator);
            let booked = home.net_sales.iter().chain(&home.orders).sum::<i64>();
            booked
                + identified.chain(rates).sum::<i64>()
                + home.customers_active.iter().sum::<i64>()
        }
        _ => {
            let cohorts = warehouse.cohorts(AS_OF).await?.cohorts;
            let months = cohorts.iter().map(|cohort| {
                let number = i64::from(cohort.month.year()) * 12 + i64::from(cohort.month.month());
                let later = (0..).zip(&cohort.retained);
                let moments: i64 = later.map(|(at, kept)| at * kept.unwrap_or(0)).sum();
                number * moments
            });
            months.sum()
        }
    })
}

/// Everything a grading decides of everybody.
async fn grade(warehouse: &Warehouse) -> Result<i64> {
    let query = MetricsQuery {
        as_of: AS_OF,
        window_days: 365,
        lapse_days: 365,
    };
    let metrics = warehouse.metrics(query).await?;
    let figures = |row: &CustomerMetrics| rfm::Figures {
        recency_days: row.recency_days,
        frequency: row.frequency,
        monetary: row.monetary,
    };
    let rows = &metrics.customers;
    let limits = rfm::Breakpoints::freeze(&rows.iter().map(figures).collect::<Vec<_>>());
    let values: Vec<i64> = rows.iter().map(|row| row.monetary).collect();
    let classes = abc::Limits::of(&values);
    let rule = lifecycle::Rule {
        typical_gap_days: metrics.typical_gap_days.unwrap_or(90),
        ..lifecycle::Rule::default()
    };
    let currency = clientele_domain::money::Currency::parse("SGD")?;
    let scheme = tier::default_scheme(currency);
    let mut sum = 0;
    for row in rows {
        let stage = lifecycle::stage(row.history().as_ref(), AS_OF, &rule);
        let class = classes.class(row.monetary);
        let level = tier::evaluate(
            &scheme,
            1,
            &tier::Figures {
                spend: row.monetary,
                frequency: row.frequency,
                recency_days: row.recency_days,
                ..tier::Figures::default()
            },
            &tier::Previous::default(),
            &tier::Override::default(),
            AS_OF,
        );
        std::hint::black_box((limits.score(&figures(row)).group(), stage, class, level));
        sum += row.lifetime_net + row.monetary + row.occasions;
        sum += row.interval_days.unwrap_or(0) + row.favourite_store_id.unwrap_or(0);
        sum += i64::from(row.favourite_category.is_some());
    }
    Ok(sum)
}

fn stretch(first: i64, customers: i64) -> TableBatch {
    let orders = first..(first + STRETCH).min(customers * ORDERS_PER_CUSTOMER);
    let mut batch = TableBatch {
        from_seq: first,
        to_seq: first + STRETCH,
        ..TableBatch::default()
    };
    if first == 0 {
        batch.customers.created = (0..customers).map(customer).collect();
        batch.products.created = (0..500).map(product).collect();
    }
    batch.order_lines.created = orders
        .clone()
        .flat_map(|id| (1..=LINES_PER_ORDER).map(move |no| line(id, no)))
        .collect();
    batch.orders.created = orders.map(|id| order(id, customers)).collect();
    batch
}

/// Spreads numbers without a random generator.
fn scatter(number: i64, limit: i64) -> i64 {
    let bits = number.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    (bits % limit.cast_unsigned()).cast_signed()
}

/// Some buy much more often than others: half of all orders are a quarter's.
fn buyer(number: i64, customers: i64) -> i64 {
    let place = scatter(number, customers);
    place * scatter(number + 1, customers) / customers
}

fn customer(id: i64) -> CustomerRow {
    CustomerRow {
        id,
        number: id,
        golden_id: id,
        source: "till".to_owned(),
        country: "SG".to_owned(),
        home_store_id: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn product(id: i64) -> ProductRow {
    ProductRow {
        id,
        sku: id.to_string(),
        name: id.to_string(),
        category: format!("category {}", id % 25),
        brand: String::new(),
        size: String::new(),
    }
}

fn order(id: i64, customers: i64) -> OrderRow {
    let net = 500 + scatter(id * 7, 20_000);
    let age = 1000 - id * 1000 / (customers * ORDERS_PER_CUSTOMER);
    let refunds = id > 100 && scatter(id * 11, 100) < 7;
    OrderRow {
        id,
        source: "till".to_owned(),
        kind: if refunds { Kind::Refund } else { Kind::Sale },
        status: Status::Paid,
        customer_id: Some(buyer(id * 3, customers)),
        store_id: Some(scatter(id * 5, 12)),
        channel: ["store", "web"][(id % 2) as usize].to_owned(),
        ordered_at: Timestamp::UNIX_EPOCH,
        business_date: date(2026, 6, 30).saturating_sub(age.days()),
        currency: "SGD".to_owned(),
        gross: net,
        discount: 0,
        net: if refunds { -net } else { net },
        net_residue: 0,
        units: LINES_PER_ORDER,
        reporting_net: if refunds { -net } else { net },
        original_id: refunds.then(|| id - scatter(id * 13, 100)),
    }
}

fn line(order_id: i64, line_no: i64) -> LineRow {
    let product = scatter(order_id * 17 + line_no, 500);
    LineRow {
        order_id,
        line_no,
        product_id: Some(product),
        sku: product.to_string(),
        quantity: 1000,
        net: 700,
    }
}
