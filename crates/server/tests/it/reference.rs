//! The published figures of real data, as this program finds them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use clientele::{
    features::{
        grades::{days_since, entity::grade},
        orders::entity::{line, order},
        products::entity::product,
    },
    jobs,
};
use clientele_domain::money::{DecimalMark, parse_amount};
use clientele_files::{FileOptions, Row, Source};
use jiff::civil::date;
use rust_decimal::Decimal;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    imports::{accounted, import_with, rows},
    support::{TestApp, real_data},
};

async fn import_gz(app: &TestApp, path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap();
    import_with(app, "orders", "uci", &bytes, json!({})).await
}

async fn report_in(app: &TestApp, currency: &str) {
    let version = app.get("/api/settings").await.version();
    let change = json!({ "reporting_currency": currency });
    app.patch("/api/settings", &version, change).await.ok();
}

/// Two years of a wholesaler, in files that overlap and name their columns differently.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_years_match_an_independent_count() {
    let Some(data) = real_data() else { return };
    let app = TestApp::sqlite().await.signed_in().await;
    report_in(&app, "GBP").await;
    let earlier = data.join("uci_online_retail_ii/online_retail_II_2009-2010.csv.gz");
    let first = import_gz(&app, &earlier).await;
    accounted(&first);
    assert_eq!(rows(&first), [525_461, 525_461, 0, 0, 0]);
    let after_first = app.get("/api/status").await.ok();
    assert_eq!(after_first["net_sales"]["GBP"], "9539484.63");
    assert_eq!(after_first["documents"], 28_816);
    assert_eq!(after_first["customers"], 4_383);
    let codes = product::Entity::find().count(app.app.db.read());
    // The published 4,632 count `47503J` twice, once with a blank behind it.
    assert_eq!(codes.await.unwrap(), 4_631);

    let path = data.join("uci_online_retail/online_retail.csv.gz");
    let second = import_gz(&app, &path).await;
    accounted(&second);
    assert_eq!(rows(&second), [541_909, 519_386, 0, 22_523, 0]);
    let status = app.get("/api/status").await.ok();
    let figures = [
        "customers",
        "documents",
        "orders",
        "refunds",
        "adjustments",
        "guest_documents",
        "order_lines",
        "rejected_rows",
    ];
    let wanted = [5_942, 53_628, 45_330, 8_292, 6, 8_752, 1_044_847, 0];
    assert_eq!(figures.map(|key| status[key].as_i64().unwrap()), wanted);
    assert_eq!(status["net_sales"]["GBP"], "18909744.12");

    let first_again = import_gz(&app, &earlier).await;
    assert_eq!(rows(&first_again), [525_461, 0, 0, 525_461, 0]);
    let second_again = import_gz(&app, &path).await;
    assert_eq!(rows(&second_again), [541_909, 0, 0, 541_909, 0]);
    assert_eq!(app.get("/api/status").await.ok()["order_lines"], 1_044_847);
    app.post(
        &format!("/api/imports/{}/undo", second["id"].as_str().unwrap()),
        json!({}),
    )
    .await
    .ok();
    jobs::drain(&app.app).await.unwrap();
    let undone = app.get("/api/status").await.ok();
    let comparable = |status: &Value| {
        let mut status = status.clone();
        status["feed_lag"] = json!(0);
        status
    };
    assert_eq!(comparable(&undone), comparable(&after_first));
}

/// Purchases without order numbers: customer and day identify them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn purchases_without_numbers_are_customer_days() {
    let Some(data) = real_data() else { return };
    let app = TestApp::sqlite().await.signed_in().await;
    report_in(&app, "USD").await;
    let bytes = std::fs::read(data.join("cdnow/cdnow_sample.csv")).unwrap();
    let done = import_with(&app, "orders", "cdnow", &bytes, json!({})).await;
    accounted(&done);
    assert_eq!(rows(&done), [6_919, 6_919, 0, 0, 0]);
    let status = app.get("/api/status").await.ok();
    assert_eq!(
        (
            &status["customers"],
            &status["orders"],
            &status["order_lines"]
        ),
        (&json!(2_357), &json!(6_696), &json!(6_919))
    );
    assert_eq!(status["net_sales"]["USD"], "244091.94");
}

/// A sale line that somebody paid for, as the published figures count them.
struct Bought<'a> {
    order: &'a order::Model,
    line: &'a line::Model,
}

/// The first of the files alone, by the rules its published figures state.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_older_year_has_its_published_figures() {
    let Some(data) = real_data() else { return };
    let app = TestApp::sqlite().await.signed_in().await;
    report_in(&app, "GBP").await;
    let done = import_gz(&app, &data.join("uci_online_retail/online_retail.csv.gz")).await;
    accounted(&done);
    let status = app.get("/api/status").await.ok();
    let count = |key: &str| status[key].as_i64().unwrap();
    assert_eq!((count("documents"), count("customers")), (25_900, 4_372));
    assert_eq!(status["net_sales"]["GBP"], "9747747.93");

    let read = app.app.db.read();
    let products = product::Entity::find().all(read).await.unwrap();
    assert_eq!(products.len(), 4_070);
    let orders: HashMap<i64, order::Model> = order::Entity::find()
        .all(read)
        .await
        .unwrap()
        .into_iter()
        .map(|order| (order.id, order))
        .collect();
    let lines = line::Entity::find().all(read).await.unwrap();
    let of = |line: &line::Model| &orders[&line.order_id];
    let how_many = |test: &dyn Fn(&line::Model) -> bool| lines.iter().filter(|l| test(l)).count();
    assert_eq!(how_many(&|line| of(line).customer_id.is_none()), 135_080);
    assert_eq!(how_many(&|line| of(line).kind == "refund"), 9_288);
    assert_eq!(how_many(&|line| line.quantity < 0), 10_624);
    assert_eq!(how_many(&|line| line.unit_price == "0"), 2_515);
    assert_eq!(how_many(&|line| line.unit_price.starts_with('-')), 2);
    let as_written = |line: &line::Model| {
        (
            line.order_id,
            line.sku.clone(),
            line.name.clone(),
            line.quantity,
            line.unit_price.clone(),
        )
    };
    let distinct: BTreeSet<_> = lines.iter().map(as_written).collect();
    // One more than published: an order has one time, and one line was written twice
    // with two.
    assert_eq!(lines.len() - distinct.len(), 5_269);
    let gross: Decimal = lines
        .iter()
        .map(|line| (line.quantity, amount(&line.unit_price)))
        .filter(|(quantity, price)| *quantity > 0 && *price > Decimal::ZERO)
        .map(|(quantity, price)| Decimal::new(quantity, 3) * price)
        .sum();
    assert_eq!(gross, amount("10666684.544"));
    let refunds = orders.values().filter(|order| order.kind == "refund");
    assert_eq!(refunds.count(), 3_836);
    let known: i64 = orders
        .values()
        .filter(|order| order.customer_id.is_some())
        .map(|order| order.net)
        .sum();
    assert_eq!(known, 830_006_581);

    let bought: Vec<Bought> = lines
        .iter()
        .filter(|line| line.quantity > 0 && amount(&line.unit_price) > Decimal::ZERO)
        .map(|line| Bought {
            order: of(line),
            line,
        })
        .filter(|bought| bought.order.customer_id.is_some())
        .collect();
    let paid: i64 = bought.iter().map(|bought| bought.line.net).sum();
    assert_eq!((bought.len(), paid), (397_884, 891_140_790));

    // Recency as the program grades it, the day after the last of the file.
    app.post("/api/grades/run", json!({ "as_of": "2011-12-10" }))
        .await
        .ok();
    jobs::drain(&app.app).await.unwrap();
    let grades = grade::Entity::find().all(read).await.unwrap();
    let buyers: BTreeSet<i64> = bought.iter().filter_map(|b| b.order.customer_id).collect();
    let mut recency: Vec<i64> = grades
        .iter()
        .filter(|grade| buyers.contains(&grade.customer_id))
        .filter_map(|grade| days_since(&grade.last_order, date(2011, 12, 10)))
        .collect();
    recency.sort_unstable();
    assert_eq!((recency.len(), recency[0], recency[4_337]), (4_338, 1, 374));
    assert_eq!(recency[2_169], 51);
    let mean = recency.iter().sum::<i64>() as f64 / 4_338.0;
    assert_eq!((mean * 100.0).round(), 9_306.0);
    // The published 50 adds binary fractions, which leaves five zeros above zero.
    let spent_nothing = grades.iter().filter(|grade| grade.lifetime_net <= 0);
    assert_eq!(spent_nothing.count(), 55);

    people_and_months(&bought);
}

fn people_and_months(bought: &[Bought]) {
    let mut orders: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut spent: BTreeMap<i64, i64> = BTreeMap::new();
    let mut months: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for Bought { order, line } in bought {
        let customer = order.customer_id.unwrap();
        orders.entry(customer).or_default().insert(order.id);
        *spent.entry(customer).or_default() += line.net;
        let month = &order.business_date[..7];
        months.entry(customer).or_default().insert(month);
    }
    assert_eq!(orders.len(), 4_338);
    let counts: Vec<usize> = orders.values().map(BTreeSet::len).collect();
    assert_eq!(counts.iter().sum::<usize>(), 18_532);
    assert_eq!(counts.iter().max(), Some(&209));
    assert_eq!(counts.iter().filter(|&&count| count == 1).count(), 1_493);

    let mut spent: Vec<i64> = spent.into_values().collect();
    spent.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(spent[..3], [28_020_602, 25_965_730, 19_455_079]);
    let total: i64 = spent.iter().sum();
    assert_eq!((total as f64 / 4_338.0).round(), 205_427.0);
    let top: i64 = spent[..4_338 / 5].iter().sum();
    assert_eq!((top as f64 * 1_000.0 / total as f64).round(), 746.0);

    let mut newcomers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut cohort: BTreeMap<&str, usize> = BTreeMap::new();
    for active in months.values() {
        let first = *active.first().unwrap();
        *newcomers.entry(first).or_default() += 1;
        if first == "2010-12" {
            for &month in active {
                *cohort.entry(month).or_default() += 1;
            }
        }
    }
    let newcomers: Vec<usize> = newcomers.into_values().collect();
    let wanted = [
        885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41,
    ];
    assert_eq!(newcomers, wanted);
    let cohort: Vec<usize> = cohort.into_values().collect();
    let wanted = [
        885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235,
    ];
    assert_eq!(cohort, wanted);
}

/// A file as a table: its column names and the cells of every row.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a file as an import would, to its last row.
    fn read(path: &Path) -> Self {
        // Names nobody knows: the first line is the header all the same.
        let options = FileOptions {
            header_row: Some(1),
            ..FileOptions::default()
        };
        let source = Source::open(path, &options, &|_| 0).unwrap();
        let mut reader = source.rows().unwrap();
        let (mut all, mut row) = (Vec::new(), Row::default());
        while reader.read(&mut row).unwrap() {
            all.push(row.cells().map(str::to_owned).collect());
        }
        Table {
            columns: source.layout().columns.clone(),
            rows: all,
        }
    }

    /// The cells of one column.
    #[track_caller]
    fn column(&self, name: &str) -> Vec<&str> {
        let at = self.columns.iter().position(|column| column == name);
        let at = at.unwrap_or_else(|| panic!("no column {name} in {:?}", self.columns));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    /// How often each value of a column occurs.
    fn counts(&self, name: &str) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for cell in self.column(name) {
            *counts.entry(cell).or_default() += 1;
        }
        counts
    }
}

fn amount(cell: &str) -> Decimal {
    parse_amount(cell, DecimalMark::Point).unwrap()
}

/// Every set is read whole, whatever its quotes, line breaks and odd headers.
#[test]
fn every_file_is_read_whole() {
    let Some(data) = real_data() else { return };
    let files = [
        ("dmba_marketing/BathSoapHousehold.csv", 600, "Member id"),
        (
            "dmba_marketing/CatalogCrossSell.csv",
            4_998,
            "Customer Number",
        ),
        ("dmba_marketing/CharlesBookClub.csv", 4_000, "ID#"),
        (
            "dmba_marketing/EastWestAirlinesCluster.csv",
            3_999,
            "Award?",
        ),
        ("dmba_marketing/Fundraising.csv", 3_120, "Row Id."),
        (
            "dmba_marketing/Hair-Care-Product.csv",
            10_000,
            "U.S. Region",
        ),
        ("dmba_marketing/Tayko.csv", 2_000, "Gender=male"),
        ("dmba_marketing/UniversalBank.csv", 5_000, "ZIP Code"),
        ("hillstrom/hillstrom.csv.gz", 64_000, "history_segment"),
        ("linkage_dedupe_examples/AbtBuy_Abt.csv", 1_081, "title"),
        ("linkage_dedupe_examples/AbtBuy_Buy.csv", 1_092, "price"),
        (
            "linkage_dedupe_examples/csv_example_messy_input.csv",
            3_337,
            "Site name",
        ),
        ("linkage_febrl/dataset1.csv", 1_000, "rec_id"),
        ("linkage_febrl/dataset2.csv", 5_000, "soc_sec_id"),
        ("linkage_febrl/dataset3.csv", 5_000, "given_name"),
        ("linkage_splink/fake_1000.csv", 1_000, "first_name"),
        (
            "support_tickets/customer_support_tickets.csv.gz",
            8_469,
            "Ticket ID",
        ),
        (
            "uci_online_shoppers/online_shoppers_intention.csv",
            12_330,
            "PageValues",
        ),
        (
            "womens_clothing_reviews/womens_clothing_reviews.csv.gz",
            23_486,
            "Rating",
        ),
    ];
    for (file, wanted, column) in files {
        let table = Table::read(&data.join(file));
        assert_eq!(table.rows.len(), wanted, "{file}");
        assert_eq!(table.column(column).len(), wanted, "{file}");
    }
}

/// The codes of the book club follow from recency, frequency and value.
#[test]
fn the_book_club_has_its_published_codes() {
    let Some(data) = real_data() else { return };
    let club = Table::read(&data.join("dmba_marketing/CharlesBookClub.csv"));
    let counts = |name: &str| club.counts(name).into_values().collect::<Vec<_>>();
    assert_eq!(counts("Rcode"), [294, 558, 1_322, 1_826]);
    assert_eq!(counts("Fcode"), [1_227, 1_203, 1_570]);
    assert_eq!(counts("Mcode"), [44, 173, 489, 1_202, 2_092]);
    let limits: [(&str, &str, &[i64]); 3] = [
        ("R", "Rcode", &[2, 6, 12]),
        ("F", "Fcode", &[1, 2]),
        ("M", "Mcode", &[25, 50, 100, 200]),
    ];
    for (figure, code, limits) in limits {
        for (cell, code) in club.column(figure).into_iter().zip(club.column(code)) {
            let figure: i64 = cell.parse().unwrap();
            let above = limits.iter().filter(|&&limit| figure > limit).count();
            assert_eq!((above + 1).to_string(), code, "{figure}");
        }
    }
    assert_eq!(club.counts("Florence")["1"], 338);
}

/// What a promotion brought, among those who had it and those who had not.
#[test]
fn the_promotion_has_its_published_uplift() {
    let Some(data) = real_data() else { return };
    let table = Table::read(&data.join("dmba_marketing/Hair-Care-Product.csv"));
    let mut bought = [[0_u32; 2]; 2];
    let promoted = table.column("Promotion_ord");
    for (promoted, purchase) in promoted.into_iter().zip(table.column("Purchase")) {
        bought[usize::from(promoted == "1")][usize::from(purchase == "1")] += 1;
    }
    assert_eq!(bought, [[4_992, 32], [4_896, 80]]);
    let share = |[not, yes]: [u32; 2]| f64::from(yes) / f64::from(not + yes);
    let uplift = share(bought[1]) - share(bought[0]);
    assert_eq!((uplift * 100_000.0).round(), 971.0);
}

/// The arms of the e-mail experiment, and what each of them brought.
#[test]
fn the_experiment_has_its_published_arms() {
    let Some(data) = real_data() else { return };
    let table = Table::read(&data.join("hillstrom/hillstrom.csv.gz"));
    let mut arms: BTreeMap<&str, (usize, usize, Decimal)> = BTreeMap::new();
    let (visit, conversion) = (table.column("visit"), table.column("conversion"));
    let spend = table.column("spend");
    let mut visits: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, arm) in table.column("segment").into_iter().enumerate() {
        let sums = arms.entry(arm).or_default();
        sums.0 += 1;
        sums.1 += usize::from(conversion[at] == "1");
        sums.2 += amount(spend[at]);
        *visits.entry(arm).or_default() += usize::from(visit[at] == "1");
    }
    let sum = |text: &str| amount(text);
    assert_eq!(arms["Mens E-Mail"], (21_307, 267, sum("30311.69")));
    assert_eq!(arms["Womens E-Mail"], (21_387, 189, sum("23038.11")));
    assert_eq!(arms["No E-Mail"], (21_306, 122, sum("13908.33")));
    let visited: Vec<usize> = visits.into_values().collect();
    assert_eq!(visited, [3_894, 2_262, 3_238]);
}

/// Reviews and tickets: texts of many lines, answers that are counted.
#[test]
fn reviews_and_tickets_have_their_published_counts() {
    let Some(data) = real_data() else { return };
    let reviews = data.join("womens_clothing_reviews/womens_clothing_reviews.csv.gz");
    let reviews = Table::read(&reviews);
    let ratings: Vec<usize> = reviews.counts("Rating").into_values().collect();
    assert_eq!(ratings, [842, 1_565, 2_871, 5_077, 13_131]);
    assert_eq!(reviews.counts("Recommended IND")["1"], 19_314);
    assert_eq!(reviews.counts("Clothing ID").len(), 1_206);
    assert_eq!(reviews.counts("Review Text")[""], 845);
    assert_eq!(reviews.counts("Division Name")[""], 14);

    let tickets = data.join("support_tickets/customer_support_tickets.csv.gz");
    let tickets = Table::read(&tickets);
    let states: Vec<usize> = tickets.counts("Ticket Status").into_values().collect();
    assert_eq!(states, [2_769, 2_819, 2_881]);
    assert_eq!(tickets.counts("Customer Email").len(), 8_320);
    let rated: Vec<usize> = tickets
        .counts("Customer Satisfaction Rating")
        .into_iter()
        .filter(|(stars, _)| !stars.is_empty())
        .map(|(_, count)| count)
        .collect();
    assert_eq!(rated, [553, 549, 580, 543, 544]);

    let sessions = data.join("uci_online_shoppers/online_shoppers_intention.csv");
    let sessions = Table::read(&sessions);
    let bought: Vec<usize> = sessions.counts("Revenue").into_values().collect();
    assert_eq!(bought, [10_422, 1_908]);
    let visitors: Vec<usize> = sessions.counts("VisitorType").into_values().collect();
    assert_eq!(visitors, [1_694, 85, 10_551]);

    let clicks = data.join("web_events/retentioneering_ecom_SYNTHETIC.csv.gz");
    let clicks = Table::read(&clicks);
    assert_eq!(clicks.counts("user_id").len(), 600);
    let mut sessions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (event, session) in clicks
        .column("event")
        .into_iter()
        .zip(clicks.column("session_id"))
    {
        sessions.entry(event).or_default().insert(session);
    }
    let funnel = [
        "product_view",
        "add_to_cart",
        "cart",
        "shipping_details",
        "payment_details",
    ];
    let funnel = funnel.map(|event| sessions[event].len());
    assert_eq!(
        (funnel, sessions["purchase"].len()),
        ([2_868, 1_213, 1_022, 798, 632], 470)
    );
}
