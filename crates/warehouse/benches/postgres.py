"""PostgreSQL's SQL beside benches/measure.rs: the same orders, loaded into a server.

    scripts/with-postgres PYTHON crates/warehouse/benches/postgres.py FOLDER

FOLDER is the chain that `make bench SIZE=full` keeps, PYTHON one with the package `duckdb`,
which reads the files. Prints what a grading of everybody takes and the number that the
other two answer to it.
"""

import os
import pathlib
import subprocess
import sys
import time

import duckdb

from counterpart import live_files

COLUMNS = {
    "orders": {
        "id": "bigint PRIMARY KEY", "kind": "text", "status": "text", "customer_id": "bigint",
        "store_id": "bigint", "channel": "text", "business_date": "date", "currency": "text",
        "net": "bigint", "net_residue": "bigint", "reporting_net": "bigint",
        "original_id": "bigint",
    },
    "order_lines": {"order_id": "bigint", "product_id": "bigint", "quantity": "bigint"},
    "products": {"id": "bigint PRIMARY KEY", "category": "text"},
}

# As GRADE in counterpart.py, in PostgreSQL's words.
GRADE = """
CREATE TEMP TABLE links AS
SELECT part.id, COALESCE(original.original_id, original.id) AS sale_id, part.kind,
       part.business_date, part.net, part.net_residue, part.reporting_net
FROM orders AS part JOIN orders AS original ON original.id = part.original_id
JOIN orders AS sale ON sale.id = COALESCE(original.original_id, original.id)
WHERE part.status = 'paid' AND sale.kind = 'sale' AND sale.original_id IS NULL
  AND sale.currency = part.currency;
CREATE TEMP TABLE amendments AS
SELECT sale_id, SUM(net) AS net, SUM(net_residue) AS net_residue,
       SUM(reporting_net) AS reporting_net,
       SUM(CASE WHEN kind = 'sale' THEN reporting_net ELSE 0 END) AS sales,
       SUM(CASE WHEN kind = 'refund' THEN -reporting_net ELSE 0 END) AS refunds
FROM links WHERE business_date <= DATE '2026-06-30' GROUP BY sale_id;
CREATE TEMP TABLE documents AS
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
LEFT JOIN amendments AS amended ON amended.sale_id = doc.id
WHERE doc.status = 'paid' AND doc.business_date <= DATE '2026-06-30'
  AND doc.customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM links WHERE links.id = doc.id);
ANALYZE documents;
CREATE TEMP TABLE money AS
SELECT customer_id,
       SUM(net) FILTER (WHERE business_date > DATE '2026-06-30' - 365) AS monetary,
       SUM(refunds) FILTER (WHERE business_date > DATE '2026-06-30' - 365) AS refunded,
       COUNT(*) FILTER (WHERE counts) AS lifetime_orders, SUM(net) AS lifetime_net,
       SUM(sales) AS sales, SUM(refunds) AS refunds
FROM documents GROUP BY customer_id;
CREATE TEMP TABLE rhythm AS
SELECT customer_id, MIN(business_date) AS first_order, MAX(business_date) AS last_order,
       COUNT(*) AS occasions,
       COUNT(*) FILTER (WHERE business_date > DATE '2026-06-30' - 365) AS frequency,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY gap) AS interval_days,
       MAX(gap) AS longest_gap,
       MAX(business_date) FILTER (WHERE gap > 365) AS returned
FROM (SELECT customer_id, business_date,
             business_date - LAG(business_date) OVER (PARTITION BY customer_id
                                                      ORDER BY business_date) AS gap
      FROM (SELECT DISTINCT customer_id, business_date FROM documents WHERE counts) AS days) AS gaps
GROUP BY customer_id;
CREATE TEMP TABLE stores_liked AS
SELECT DISTINCT ON (customer_id) customer_id, store_id
FROM (SELECT customer_id, store_id, COUNT(*) AS orders, SUM(net) AS net
      FROM documents WHERE counts AND store_id IS NOT NULL GROUP BY customer_id, store_id) AS sums
ORDER BY customer_id, orders DESC, net DESC, store_id;
CREATE TEMP TABLE channels_liked AS
SELECT DISTINCT ON (customer_id) customer_id, channel
FROM (SELECT customer_id, channel, COUNT(*) AS orders, SUM(net) AS net
      FROM documents WHERE counts AND channel <> '' GROUP BY customer_id, channel) AS sums
ORDER BY customer_id, orders DESC, net DESC;
CREATE TEMP TABLE categories_liked AS
SELECT DISTINCT ON (customer_id) customer_id, category
FROM (SELECT documents.customer_id, products.category, COUNT(*) AS lines,
             SUM(order_lines.quantity) AS pieces
      FROM order_lines
      JOIN documents ON documents.id = order_lines.order_id
      JOIN products ON products.id = order_lines.product_id
      WHERE documents.counts AND order_lines.quantity > 0 AND products.category <> ''
      GROUP BY documents.customer_id, products.category) AS sums
ORDER BY customer_id, lines DESC, pieces DESC;
CREATE TEMP TABLE grades AS
SELECT figures.*,
       CASE WHEN share < 0.8 THEN 'a' WHEN share < 0.95 THEN 'b' ELSE 'c' END AS abc,
       CASE WHEN monetary >= 2000000 THEN 'gold' WHEN monetary >= 500000 THEN 'silver'
            WHEN monetary > 0 THEN 'member' ELSE '' END AS tier
FROM (
  SELECT money.*, rhythm.first_order, rhythm.last_order, rhythm.occasions, rhythm.frequency,
         rhythm.interval_days, rhythm.returned,
         stores_liked.store_id, channels_liked.channel, categories_liked.category,
         NTILE(5) OVER (ORDER BY last_order) AS r,
         NTILE(5) OVER (ORDER BY frequency) AS f,
         NTILE(5) OVER (ORDER BY monetary) AS m,
         SUM(GREATEST(monetary, 0)) OVER (ORDER BY monetary DESC ROWS UNBOUNDED PRECEDING)
           / NULLIF(SUM(GREATEST(monetary, 0)) OVER (), 0) AS share
  FROM money LEFT JOIN rhythm USING (customer_id) LEFT JOIN stores_liked USING (customer_id)
  LEFT JOIN channels_liked USING (customer_id)
  LEFT JOIN categories_liked USING (customer_id)) AS figures;
SELECT SUM(lifetime_net) + SUM(monetary) + SUM(occasions) + SUM(interval_days)
       + COUNT(category) + SUM(store_id) FROM grades;
"""


def psql(*words, **options):
    return subprocess.Popen(
        ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--tuples-only",
         os.environ["CLIENTELE_TEST_POSTGRES"], *words],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


def run(script):
    process = psql()
    answer, _ = process.communicate(script)
    if process.returncode:
        raise SystemExit("PostgreSQL refused")
    return answer.strip()


def load(folder):
    connection = duckdb.connect()
    for name, columns in COLUMNS.items():
        run(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
        process = psql("--command", f"\\copy {name} FROM pstdin (FORMAT csv)")
        copy = f"COPY (SELECT {', '.join(columns)} FROM read_parquet({live_files(folder / name)!r}))"
        connection.execute(f"{copy} TO '/dev/fd/{process.stdin.fileno()}' (FORMAT csv, HEADER false)")
        process.communicate()
        if process.returncode:
            raise SystemExit(f"{name} could not be loaded")
    run("CREATE INDEX ON order_lines (order_id); VACUUM ANALYZE orders, order_lines, products;")


def main():
    load(pathlib.Path(sys.argv[1]))
    start = time.perf_counter()
    answer = run("SET work_mem = '512MB'; SET max_parallel_workers_per_gather = 2;" + GRADE)
    print(f"PostgreSQL graded everybody in {(time.perf_counter() - start) * 1000:.0f} ms: {answer}")


main()
