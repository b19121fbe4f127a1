"""The raw counterpart of benches/measure.rs: DuckDB over the very same files.

Takes the folder of a warehouse, then one question a line on standard input, and
answers each with the milliseconds it took by the wall, by the processor, and a
number of its result that the other side must have too.
"""

import json
import pathlib
import sys
import time

import duckdb

# Refunds and exchanges are folded into their sales: reference/definitions, the order view.
LINKS = """
CREATE OR REPLACE TEMP TABLE parts AS
SELECT part.*, COALESCE(original.original_id, original.id) AS sale_id
FROM (SELECT id, kind, business_date, net, net_residue, reporting_net, currency, original_id
      FROM orders WHERE status = 'paid' AND original_id IS NOT NULL) AS part
JOIN (SELECT id, original_id FROM orders) AS original ON original.id = part.original_id;
CREATE OR REPLACE TEMP TABLE links AS
SELECT parts.* FROM parts
JOIN (SELECT id, currency FROM orders WHERE kind = 'sale' AND original_id IS NULL) AS sale
  ON sale.id = parts.sale_id
WHERE sale.currency = parts.currency;
"""

ORDER_VIEW = LINKS + """
CREATE OR REPLACE TEMP TABLE amendments AS
SELECT sale_id, SUM(net) AS net, SUM(net_residue) AS net_residue,
       SUM(reporting_net) AS reporting_net,
       SUM(CASE WHEN kind = 'sale' THEN reporting_net ELSE 0 END) AS sales,
       SUM(CASE WHEN kind = 'refund' THEN -reporting_net ELSE 0 END) AS refunds
FROM links WHERE business_date <= DATE '2026-06-30' GROUP BY sale_id;
CREATE OR REPLACE TEMP VIEW order_view AS
SELECT doc.id, doc.customer_id, doc.store_id, doc.channel, doc.business_date,
       doc.reporting_net + COALESCE(amended.reporting_net, 0) AS net,
       doc.kind = 'sale' AND CASE WHEN amended.sale_id IS NULL
         THEN doc.net * 1000000 + doc.net_residue >= 0
         ELSE (doc.net + amended.net) * 1000000 + doc.net_residue + amended.net_residue > 0
         END AS counts,
       CASE WHEN doc.kind = 'sale' THEN doc.reporting_net ELSE 0 END
         + COALESCE(amended.sales, 0) AS sales,
       CASE WHEN doc.kind = 'refund' THEN -doc.reporting_net ELSE 0 END
         + COALESCE(amended.refunds, 0) AS refunds
FROM orders AS doc
ANTI JOIN links ON links.id = doc.id
LEFT JOIN amendments AS amended ON amended.sale_id = doc.id
WHERE doc.status = 'paid' AND doc.business_date <= DATE '2026-06-30';
"""

GRADE = ORDER_VIEW + """
CREATE OR REPLACE TEMP TABLE documents AS
SELECT * FROM order_view WHERE customer_id IS NOT NULL;
CREATE OR REPLACE TEMP TABLE money AS
SELECT customer_id, SUM(net) FILTER (recent) AS monetary, SUM(refunds) FILTER (recent) AS refunded,
       COUNT(*) FILTER (counts) AS lifetime_orders, SUM(net) AS lifetime_net,
       SUM(sales) AS sales, SUM(refunds) AS refunds
FROM (SELECT *, business_date > DATE '2026-06-30' - 365 AS recent FROM documents)
GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE rhythm AS
SELECT customer_id, MIN(business_date) AS first_order, MAX(business_date) AS last_order,
       COUNT(*) AS occasions,
       COUNT(*) FILTER (business_date > DATE '2026-06-30' - 365) AS frequency,
       quantile_disc(gap, 0.5) AS interval_days, MAX(gap) AS longest_gap,
       arg_max(gap, business_date) AS last_gap,
       MAX(business_date) FILTER (gap > 365) AS returned
FROM (SELECT customer_id, business_date,
             business_date - LAG(business_date) OVER (PARTITION BY customer_id
                                                      ORDER BY business_date) AS gap
      FROM (SELECT DISTINCT customer_id, business_date FROM documents WHERE counts))
GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE stores_liked AS
SELECT customer_id, arg_max(store_id, (orders, net, -store_id)) AS store_id
FROM (SELECT customer_id, store_id, COUNT(*) AS orders, SUM(net) AS net
      FROM documents WHERE counts AND store_id IS NOT NULL GROUP BY customer_id, store_id)
GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE channels_liked AS
SELECT customer_id, arg_max(channel, (orders, net)) AS channel
FROM (SELECT customer_id, channel, COUNT(*) AS orders, SUM(net) AS net
      FROM documents WHERE counts AND channel <> '' GROUP BY customer_id, channel)
GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE categories_liked AS
SELECT customer_id, arg_max(category, (lines, pieces)) AS category
FROM (SELECT documents.customer_id, products.category, COUNT(*) AS lines,
             SUM(order_lines.quantity) AS pieces
      FROM order_lines
      JOIN documents ON documents.id = order_lines.order_id
      JOIN products ON products.id = order_lines.product_id
      WHERE documents.counts AND order_lines.quantity > 0 AND products.category <> ''
      GROUP BY documents.customer_id, products.category)
GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE grades AS
SELECT *, CASE WHEN last_order IS NULL THEN 'prospect'
               WHEN DATE '2026-06-30' - last_order > 365 THEN 'lapsed'
               WHEN DATE '2026-06-30' - returned <= 60 THEN 'won_back'
               WHEN DATE '2026-06-30' - first_order <= 60 THEN 'new'
               WHEN DATE '2026-06-30' - last_order > GREATEST(2 * COALESCE(interval_days, 90), 30)
               THEN 'slowing' ELSE 'active' END AS lifecycle,
       CASE WHEN share < 0.8 THEN 'a' WHEN share < 0.95 THEN 'b' ELSE 'c' END AS abc,
       CASE WHEN monetary >= 2000000 THEN 'gold' WHEN monetary >= 500000 THEN 'silver'
            WHEN monetary > 0 THEN 'member' ELSE '' END AS tier,
       r * 10 + (f + m + 1) // 2 AS cell
FROM (
  SELECT money.*, rhythm.* EXCLUDE customer_id,
         stores_liked.store_id, channels_liked.channel, categories_liked.category,
         NTILE(5) OVER (ORDER BY last_order) AS r,
         NTILE(5) OVER (ORDER BY frequency) AS f,
         NTILE(5) OVER (ORDER BY monetary) AS m,
         SUM(GREATEST(monetary, 0)) OVER (ORDER BY monetary DESC ROWS UNBOUNDED PRECEDING)
           / SUM(GREATEST(monetary, 0)) OVER () AS share
  FROM money LEFT JOIN rhythm USING (customer_id) LEFT JOIN stores_liked USING (customer_id)
  LEFT JOIN channels_liked USING (customer_id) LEFT JOIN categories_liked USING (customer_id));
SELECT SUM(lifetime_net) + SUM(monetary) + SUM(occasions) + SUM(interval_days)
       + COUNT(category) + SUM(store_id) FROM grades;
"""

COHORTS = ORDER_VIEW + """
CREATE OR REPLACE TEMP TABLE months AS
SELECT DISTINCT customer_id, year(business_date) * 12 + month(business_date) AS month
FROM order_view WHERE counts AND customer_id IS NOT NULL;
SELECT SUM(cohort * distance * customers) FROM (
  SELECT cohort, month - cohort AS distance, COUNT(*) AS customers
  FROM months JOIN (SELECT customer_id, MIN(month) AS cohort FROM months GROUP BY customer_id)
    USING (customer_id)
  GROUP BY ALL);
"""

# Every store's every month: net, orders, units, refunds, known share, customers.
STORE_MONTHS = LINKS + """
CREATE OR REPLACE TEMP TABLE documents AS
SELECT doc.customer_id, doc.store_id, doc.units, doc.reporting_net AS net,
       date_trunc('month', doc.business_date) AS month,
       doc.kind = 'sale' AND links.id IS NULL AS is_order,
       CASE WHEN doc.kind = 'refund' THEN -doc.reporting_net ELSE 0 END AS refunded
FROM orders AS doc LEFT JOIN links ON links.id = doc.id
WHERE doc.status = 'paid' AND doc.business_date <= DATE '2026-06-30';
SELECT SUM(net) + SUM(orders) + SUM(units) + SUM(refunded) + SUM(identified) + SUM(customers) FROM (
  SELECT month, store_id, SUM(net) AS net, COUNT(*) FILTER (is_order) AS orders,
         SUM(units) AS units, SUM(refunded) AS refunded,
         SUM(net) FILTER (customer_id IS NOT NULL) AS identified,
         COUNT(DISTINCT customer_id) FILTER (is_order) AS customers
  FROM documents GROUP BY month, store_id);
"""

# Sales by month with new and returning customers.
MONTHLY = STORE_MONTHS.rsplit("SELECT SUM(net)", 1)[0] + """
SELECT SUM(net) + SUM(orders) + SUM(units) + SUM(customers) + SUM(newcomers) + SUM(new_net) FROM (
  SELECT documents.month, SUM(net) AS net, COUNT(*) FILTER (is_order) AS orders,
         SUM(units) AS units, COUNT(DISTINCT customer_id) FILTER (is_order) AS customers,
         COUNT(DISTINCT customer_id) FILTER (is_order AND began.month = documents.month)
           AS newcomers,
         SUM(net) FILTER (began.month = documents.month) AS new_net
  FROM documents LEFT JOIN (SELECT customer_id, MIN(month) AS month FROM documents
                            WHERE is_order AND customer_id IS NOT NULL GROUP BY customer_id)
    AS began USING (customer_id)
  GROUP BY documents.month);
"""

# The home screen: twelve spans of thirty days, active customers and who came back.
HOME = ORDER_VIEW + """
CREATE OR REPLACE TEMP TABLE points AS
SELECT DATE '2026-06-30' - 30 * age AS ends FROM (SELECT UNNEST(range(12))::INTEGER AS age);
CREATE OR REPLACE TEMP TABLE occasions AS
SELECT DISTINCT customer_id, business_date FROM order_view
WHERE counts AND customer_id IS NOT NULL;
SELECT (SELECT SUM(reporting_net) + COUNT(*) FILTER (kind = 'sale' AND links.id IS NULL)
               + SUM(reporting_net) FILTER (customer_id IS NOT NULL)
        FROM (SELECT * FROM orders WHERE status = 'paid' AND business_date <= DATE '2026-06-30'
              AND business_date > DATE '2026-06-30' - 360) AS doc
        LEFT JOIN (SELECT id FROM links) AS links ON links.id = doc.id)
     + (SELECT SUM(active) + SUM(once) + SUM(twice) FROM (
          SELECT ends, COUNT(*) FILTER (recent > 0) AS active, COUNT(*) AS once,
                 COUNT(*) FILTER (times > 1) AS twice
          FROM (SELECT ends, customer_id, COUNT(*) AS times,
                       COUNT(*) FILTER (business_date > ends - 90) AS recent
                FROM occasions JOIN points
                  ON business_date <= ends AND business_date > ends - 365
                GROUP BY ends, customer_id)
          GROUP BY ends));
"""

QUESTIONS = {
    "grade": GRADE,
    "cohorts": COHORTS,
    "store months": STORE_MONTHS,
    "monthly": MONTHLY,
    "home": HOME,
}


def live_files(table):
    """The files of a Delta table that no later commit has removed."""
    live = set()
    for commit in sorted((table / "_delta_log").glob("*.json")):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                live.add(action["add"]["path"])
            elif "remove" in action:
                live.discard(action["remove"]["path"])
    return sorted(str(table / path) for path in live)


def main():
    folder = pathlib.Path(sys.argv[1])
    connection = duckdb.connect(config={"threads": int(sys.argv[2])})
    connection.execute(f"SET temp_directory = '{folder}.tmp'")
    for name in ("orders", "order_lines", "products"):
        files = live_files(folder / name)
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files!r})")
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        (answer,) = connection.execute(QUESTIONS[line.strip()]).fetchone()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"{wall * 1000:.1f} {cpu * 1000:.1f} {answer}", flush=True)


if __name__ == "__main__":
    main()
