-- An account is tried again later; one that was noted meanwhile stays as due as it was noted.
CREATE OR REPLACE FUNCTION operations.put_off_billing_due(account_id uuid, note bigint, next timestamptz, reason text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.billing_due AS d
  SET due_at = CASE WHEN d.note = put_off_billing_due.note THEN put_off_billing_due.next ELSE d.due_at END,
    error = put_off_billing_due.reason
  WHERE d.account_id = put_off_billing_due.account_id
$$;
