-- The comparison that is under way on a side, or else a new one. Anew: what is under way begins again with the first account.
CREATE OR REPLACE FUNCTION operations.begin_billing_round(
  stripe_account text, livemode boolean, at timestamptz, anew boolean
)
RETURNS SETOF operations.billing_rounds
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_rounds AS r (stripe_account, livemode, begun_at)
  VALUES (begin_billing_round.stripe_account, begin_billing_round.livemode, begin_billing_round.at)
  ON CONFLICT (stripe_account, livemode) WHERE ended_at IS NULL DO UPDATE SET
    begun_at = CASE WHEN begin_billing_round.anew THEN excluded.begun_at ELSE r.begun_at END,
    place = CASE WHEN begin_billing_round.anew THEN NULL ELSE r.place END,
    compared = CASE WHEN begin_billing_round.anew THEN 0 ELSE r.compared END,
    differing = CASE WHEN begin_billing_round.anew THEN 0 ELSE r.differing END,
    failed = CASE WHEN begin_billing_round.anew THEN 0 ELSE r.failed END,
    error = CASE WHEN begin_billing_round.anew THEN NULL ELSE r.error END
  RETURNING r.*
$$;
