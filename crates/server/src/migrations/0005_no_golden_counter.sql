-- The roster knows how many customers there are.
DELETE FROM counters WHERE name = 'golden_customers';
