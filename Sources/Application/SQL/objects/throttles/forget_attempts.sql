-- Forgets who has been quiet since a time, and of the rest all but so many, the longest quiet first: what strangers make up must not
-- fill the disk. Rows that an attempt holds are left to the next time.
CREATE OR REPLACE FUNCTION operations.forget_attempts(since bigint, most bigint) RETURNS void
LANGUAGE sql
AS $$
  WITH bounds AS (
    SELECT max(b.last_attempt) AS last_attempt
    FROM (
      SELECT forget_attempts.since - 1 AS last_attempt
      UNION ALL
      (
        SELECT o.last_attempt
        FROM operations.throttles AS o
        ORDER BY o.last_attempt DESC
        OFFSET forget_attempts.most
        LIMIT 1)
    ) AS b
  ), quiet AS (
    SELECT t.key
    FROM operations.throttles AS t
    WHERE t.last_attempt <= (SELECT b.last_attempt FROM bounds AS b)
    FOR UPDATE SKIP LOCKED
  )
  DELETE FROM operations.throttles AS t USING quiet AS q WHERE t.key = q.key;
$$;
