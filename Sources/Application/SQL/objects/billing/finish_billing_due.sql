-- All that follows for an account is said. It is due again at `next`, if at all; one that was noted meanwhile stays as due as it was noted.
CREATE OR REPLACE FUNCTION operations.finish_billing_due(account_id uuid, note bigint, next timestamptz)
RETURNS void
LANGUAGE sql
AS $$
  DELETE FROM operations.billing_due AS d
  WHERE d.account_id = finish_billing_due.account_id AND d.note = finish_billing_due.note
    AND finish_billing_due.next IS NULL;
  UPDATE operations.billing_due AS d
  SET due_at = finish_billing_due.next, attempts = 0, error = NULL
  WHERE d.account_id = finish_billing_due.account_id AND d.note = finish_billing_due.note
$$;
