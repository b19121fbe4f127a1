-- Grades say what stays true until something happens. The date of the last grading
-- stands in its run, and the days since the last order follow from both dates, so that
-- a night in which nothing happened writes nothing.
ALTER TABLE grades DROP COLUMN as_of;
ALTER TABLE grades DROP COLUMN recency_days;
