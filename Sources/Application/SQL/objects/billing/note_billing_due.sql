-- Something may follow for these accounts at a time. In order of their ids, so that two who note the same don't wait for each other in a circle.
CREATE OR REPLACE FUNCTION operations.note_billing_due(accounts uuid[], at timestamptz)
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_due AS d (account_id, due_at)
  SELECT DISTINCT a.id, note_billing_due.at
  FROM unnest(note_billing_due.accounts) AS a (id)
  ORDER BY a.id
  ON CONFLICT (account_id) DO UPDATE
  SET due_at = least(d.due_at, excluded.due_at), note = d.note + 1, attempts = 0
$$;
