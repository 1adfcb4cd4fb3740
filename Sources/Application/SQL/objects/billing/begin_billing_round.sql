-- The comparison that is under way on a side, or else a new one.
CREATE OR REPLACE FUNCTION operations.begin_billing_round(stripe_account text, livemode boolean, at timestamptz)
RETURNS SETOF operations.billing_rounds
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_rounds AS r (stripe_account, livemode, begun_at)
  VALUES (begin_billing_round.stripe_account, begin_billing_round.livemode, begin_billing_round.at)
  ON CONFLICT (stripe_account, livemode) WHERE ended_at IS NULL DO UPDATE SET begun_at = r.begun_at
  RETURNING r.*
$$;
