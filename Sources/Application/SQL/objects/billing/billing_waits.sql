-- Whether what follows for an account may still be on its way at a time: the follower has not come past the last of its facts, or a worker has not
-- ended what was noted.
CREATE OR REPLACE FUNCTION operations.billing_waits(account_id uuid, at timestamptz, shard integer, fact bigint)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
  SELECT NOT EXISTS (
      SELECT FROM operations.reactors AS r
      WHERE r.reactor = 'billing' AND r.shard = billing_waits.shard AND r.position >= billing_waits.fact
    ) OR EXISTS (
      SELECT FROM operations.billing_due AS d
      WHERE d.account_id = billing_waits.account_id AND (d.due_at <= billing_waits.at OR d.attempts > 0)
    )
$$;
