-- How many customers there are, merged records aside: counting a million takes longer
-- than a page of their list.
INSERT INTO counters (name, value)
  SELECT 'golden_customers', COUNT(*) FROM customers WHERE golden_id = id;
