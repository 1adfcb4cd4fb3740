-- All that follows for an account is said. It is due again at `next`, if at all; one that was noted meanwhile stays as due as it was noted.
-- The row stays, so that a note's number never comes again: who took long would else end what was noted after him.
CREATE OR REPLACE FUNCTION operations.finish_billing_due(account_id uuid, note bigint, next timestamptz)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.billing_due AS d
  SET due_at = coalesce(finish_billing_due.next, 'infinity'), attempts = 0, error = NULL
  WHERE d.account_id = finish_billing_due.account_id AND d.note = finish_billing_due.note
$$;
