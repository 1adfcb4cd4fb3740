-- Hands out the account that has been due longest, to one worker only, until `lapses_at`: who has not ended it by then is taken for dead.
CREATE OR REPLACE FUNCTION operations.take_billing_due(at timestamptz, lapses_at timestamptz)
RETURNS SETOF operations.billing_due
LANGUAGE sql
AS $$
  WITH due AS (
    SELECT d.account_id
    FROM operations.billing_due AS d
    WHERE d.due_at <= take_billing_due.at
    ORDER BY d.due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  )
  UPDATE operations.billing_due AS d
  SET attempts = d.attempts + 1, due_at = take_billing_due.lapses_at
  FROM due
  WHERE d.account_id = due.account_id
  RETURNING d.*
$$;
