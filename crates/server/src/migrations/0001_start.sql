-- Instants are UTC microseconds, business dates ISO text, money minor units,
-- structured values JSON text. BIGINT, BOOL and REAL8 are spelled per database
-- by migrations.rs; everything else is the same on both.

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE exchange_rates (
  currency TEXT NOT NULL,
  valid_from TEXT NOT NULL,          -- business date
  rate TEXT NOT NULL,                -- decimal: reporting units for one unit of currency
  PRIMARY KEY (currency, valid_from)
);

CREATE TABLE users (
  id BIGINT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  active BOOL NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users(id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions(user_id);

CREATE TABLE sign_in_attempts (
  id BIGINT PRIMARY KEY,
  account TEXT NOT NULL,             -- keyed hash of the e-mail, never the e-mail
  address TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_account ON sign_in_attempts(account, at);

CREATE TABLE api_tokens (
  id BIGINT PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users(id),
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);

CREATE TABLE idempotency_keys (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,        -- method, path and body
  status BIGINT NOT NULL,
  response TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);

CREATE TABLE audit_entries (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,             -- 0 is the system itself
  action TEXT NOT NULL,
  noun TEXT NOT NULL,
  noun_id BIGINT NOT NULL,
  detail TEXT NOT NULL               -- JSON: what changed, without secrets
);
CREATE INDEX audit_entries_noun ON audit_entries(noun, noun_id, seq);

CREATE TABLE changes (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  noun TEXT NOT NULL,
  noun_id BIGINT NOT NULL,
  what TEXT NOT NULL,                -- created, updated, deleted
  actor BIGINT NOT NULL
);

CREATE TABLE feed_positions (
  reader TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE jobs (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  input TEXT NOT NULL,
  state TEXT NOT NULL,               -- queued, running, paused, done, failed, cancelled
  phase TEXT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,             -- 0 while unknown
  lease_until BIGINT NOT NULL,
  fence BIGINT NOT NULL,             -- grows with every claim; an older worker's writes are refused
  attempt BIGINT NOT NULL,
  wanted TEXT NOT NULL,              -- run, pause or cancel: what people asked for
  output TEXT NOT NULL,
  error TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT
);
CREATE INDEX jobs_state ON jobs(state, id);

CREATE TABLE stores (
  id BIGINT PRIMARY KEY,
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,             -- ISO 3166 alpha-2 or empty
  region TEXT NOT NULL,
  currency TEXT NOT NULL,            -- ISO 4217 or empty
  time_zone TEXT NOT NULL,           -- IANA or empty for the chain's
  day_cut_minutes BIGINT NOT NULL,
  channel TEXT NOT NULL,             -- store, web, mini_program, marketplace
  phone TEXT NOT NULL,               -- E.164 or empty; never identifies a customer
  import_id BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE products (
  id BIGINT PRIMARY KEY,
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,         -- the SKU
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  brand TEXT NOT NULL,
  size TEXT NOT NULL,
  import_id BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (source, external_id)
);

CREATE TABLE customers (
  id BIGINT PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,     -- the short number people say
  golden_id BIGINT NOT NULL,         -- itself, or the customer it was merged into
  source TEXT NOT NULL,              -- where the record first came from
  name TEXT NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  gender TEXT NOT NULL,              -- female, male, other or empty
  birth_date TEXT NOT NULL,          -- 1990-02-28, --08-08 without a year, or empty
  country TEXT NOT NULL,
  city TEXT NOT NULL,
  address TEXT NOT NULL,
  postcode TEXT NOT NULL,
  language TEXT NOT NULL,
  home_store_id BIGINT,
  note TEXT NOT NULL,
  search_text TEXT NOT NULL,         -- lower-case name, pinyin and initials
  import_id BIGINT,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,                  -- last change by a person, null if none
  version BIGINT NOT NULL
);
CREATE INDEX customers_golden ON customers(golden_id);
CREATE INDEX customers_name ON customers(search_text, id);
CREATE INDEX customers_import ON customers(import_id);

CREATE TABLE identifiers (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,                -- card, phone, email, external, national_id
  value TEXT NOT NULL,               -- normalised; external: source, a colon, the id
  reversed TEXT NOT NULL,            -- value backwards, for tails
  raw TEXT NOT NULL,                 -- as received
  verified BOOL NOT NULL,
  customer_id BIGINT NOT NULL,       -- golden customer today
  record_id BIGINT NOT NULL,         -- the record it came with; never changes
  import_id BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identifiers_value ON identifiers(kind, value, record_id);
CREATE INDEX identifiers_reversed ON identifiers(kind, reversed);
-- The kind belongs to it: else SQLite reads all keys of a kind to find one customer's.
CREATE INDEX identifiers_customer ON identifiers(customer_id, kind);
CREATE INDEX identifiers_record ON identifiers(record_id);
CREATE INDEX identifiers_import ON identifiers(import_id);

CREATE TABLE merges (
  id BIGINT PRIMARY KEY,
  winner_id BIGINT NOT NULL,
  loser_id BIGINT NOT NULL,
  cause TEXT NOT NULL,               -- key, pair or person
  evidence TEXT NOT NULL,            -- JSON
  filled TEXT NOT NULL,              -- JSON: the winner's fields this merge filled in
  actor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  import_id BIGINT
);
CREATE INDEX merges_winner ON merges(winner_id);
CREATE INDEX merges_loser ON merges(loser_id);

CREATE TABLE duplicate_pairs (
  id BIGINT PRIMARY KEY,
  left_id BIGINT NOT NULL,           -- the smaller record id
  right_id BIGINT NOT NULL,
  score REAL8 NOT NULL,              -- log2 of the match odds
  evidence TEXT NOT NULL,            -- JSON
  state TEXT NOT NULL,               -- open or dismissed; merged is read from the records
  found_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT,
  UNIQUE (left_id, right_id)
);
CREATE INDEX duplicate_pairs_state ON duplicate_pairs(state, score, id);

CREATE TABLE orders (
  id BIGINT PRIMARY KEY,
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,
  kind TEXT NOT NULL,                -- sale, refund, adjustment
  status TEXT NOT NULL,              -- paid, pending, cancelled
  customer_id BIGINT,                -- golden customer, null for a guest
  record_id BIGINT,                  -- the record it came with
  store_id BIGINT,
  channel TEXT NOT NULL,             -- store, web, mini_program, marketplace or empty
  ordered_at BIGINT NOT NULL,
  business_date TEXT NOT NULL,
  currency TEXT NOT NULL,
  gross BIGINT NOT NULL,             -- before discounts; negative for refunds
  discount BIGINT NOT NULL,
  net BIGINT NOT NULL,               -- definitions.md 0.2: without tax, shipping, gift cards, points
  net_residue BIGINT NOT NULL,       -- exact net minus net, in millionths of a minor unit
  tax BIGINT NOT NULL,
  shipping BIGINT NOT NULL,
  units BIGINT NOT NULL,
  rate TEXT NOT NULL,                -- decimal, order-date rate to the reporting currency
  reporting_net BIGINT NOT NULL,
  original_id BIGINT,                -- refunds: the sale they reduce, when known
  recipient TEXT,                    -- who receives a gift, when somebody else
  content_hash TEXT NOT NULL,        -- of the order as received; equal means unchanged
  import_id BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (source, external_id)
);
CREATE INDEX orders_customer ON orders(customer_id, ordered_at);
CREATE INDEX orders_record ON orders(record_id);
CREATE INDEX orders_import ON orders(import_id);
CREATE INDEX orders_original ON orders(original_id);

CREATE TABLE order_lines (
  order_id BIGINT NOT NULL REFERENCES orders(id),
  line_no BIGINT NOT NULL,
  product_id BIGINT,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity BIGINT NOT NULL,          -- thousandths
  unit_price TEXT NOT NULL,          -- decimal as received
  discount BIGINT NOT NULL,
  net BIGINT NOT NULL,               -- lines add up to the order's net
  PRIMARY KEY (order_id, line_no)
);

CREATE TABLE imports (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,                -- orders, customers, products, stores
  source TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  options TEXT NOT NULL,             -- JSON: encoding, delimiter, mapping and the rest
  dry_run BOOL NOT NULL,
  state TEXT NOT NULL,               -- queued, running, done, failed, cancelled, undoing, undone
  job_id BIGINT,
  rows_total BIGINT NOT NULL,
  rows_done BIGINT NOT NULL,         -- rows whose outcome is committed
  rows_new BIGINT NOT NULL,
  rows_updated BIGINT NOT NULL,
  rows_unchanged BIGINT NOT NULL,
  rows_rejected BIGINT NOT NULL,
  resume TEXT NOT NULL,              -- JSON: where to go on after a kill
  summary TEXT NOT NULL,             -- JSON: counts by noun; after an undo what was kept
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);

CREATE TABLE import_rejects (
  import_id BIGINT NOT NULL,
  line BIGINT NOT NULL,
  field TEXT NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,              -- JSON for the translated message
  cells TEXT NOT NULL,               -- JSON: the row as received, cell by cell
  resolved BOOL NOT NULL,
  PRIMARY KEY (import_id, line)
);

CREATE TABLE import_effects (
  import_id BIGINT NOT NULL,
  noun TEXT NOT NULL,
  noun_id BIGINT NOT NULL,
  before TEXT NOT NULL,              -- JSON of the row before the import changed it
  after_version BIGINT NOT NULL,
  PRIMARY KEY (import_id, noun, noun_id)
);

CREATE TABLE source_mappings (
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  options TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (source, kind)
);

CREATE TABLE grades (
  customer_id BIGINT PRIMARY KEY,    -- one row for every customer record
  as_of TEXT NOT NULL,               -- empty before the first grading
  first_order TEXT NOT NULL,
  last_order TEXT NOT NULL,
  recency_days BIGINT NOT NULL,      -- -1 without an order
  frequency BIGINT NOT NULL,         -- purchase occasions in the window
  monetary BIGINT NOT NULL,          -- reporting minor units, net, in the window
  lifetime_orders BIGINT NOT NULL,
  lifetime_net BIGINT NOT NULL,
  r BIGINT NOT NULL,
  f BIGINT NOT NULL,
  m BIGINT NOT NULL,
  rfm_group TEXT NOT NULL,
  abc TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  average_basket BIGINT,
  interval_days BIGINT,
  refund_rate_ppm BIGINT,            -- refunds per million of gross sales
  favourite_store_id BIGINT,
  favourite_category TEXT NOT NULL,
  favourite_channel TEXT NOT NULL,
  tier TEXT NOT NULL,                -- level code, empty when below every level
  tier_rank BIGINT NOT NULL,
  tier_since TEXT NOT NULL,
  tier_review TEXT NOT NULL,         -- date at which a demotion may happen, or empty
  tier_cause TEXT NOT NULL,          -- rule, grace, floor or manual
  why TEXT NOT NULL                  -- JSON: figures and rules behind the tier
);
CREATE INDEX grades_monetary ON grades(monetary, customer_id);
CREATE INDEX grades_last_order ON grades(last_order, customer_id);
CREATE INDEX grades_frequency ON grades(frequency, customer_id);
CREATE INDEX grades_tier ON grades(tier, customer_id);
CREATE INDEX grades_group ON grades(rfm_group, customer_id);

CREATE TABLE grade_history (
  customer_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  as_of TEXT NOT NULL,
  run_id BIGINT NOT NULL,
  tier_from TEXT NOT NULL,
  tier_to TEXT NOT NULL,
  cause TEXT NOT NULL,
  rfm_group TEXT NOT NULL,
  lifecycle TEXT NOT NULL,
  abc TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (customer_id, seq)
);

CREATE TABLE grade_runs (
  id BIGINT PRIMARY KEY,
  as_of TEXT NOT NULL,
  scheme_version BIGINT NOT NULL,
  breakpoints TEXT NOT NULL,         -- JSON: frozen score limits of this run
  customers BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  summary TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL
);

CREATE TABLE tier_schemes (
  version BIGINT PRIMARY KEY,
  state TEXT NOT NULL,               -- draft, published, retired
  scheme TEXT NOT NULL,              -- JSON, domain::tier::Scheme
  edit BIGINT NOT NULL,              -- grows with every save of the draft
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  published_at BIGINT
);

CREATE TABLE tier_overrides (
  customer_id BIGINT PRIMARY KEY,
  manual_tier TEXT NOT NULL,         -- empty for none
  manual_reason TEXT NOT NULL,
  manual_until TEXT NOT NULL,        -- last day it holds
  floor_tier TEXT NOT NULL,          -- empty for none
  actor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE saved_views (
  id BIGINT PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users(id),
  screen TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,               -- the URL's search part
  shared BOOL NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE uploads (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Numbers handed out inside the transaction that uses them; the row lock makes
-- the order of numbers the order of commits.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('changes', 0), ('audit', 0), ('customers', 1000);
