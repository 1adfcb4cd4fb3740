-- An account is done with: compared, or not to be compared for an error. Only onwards: of two processes the slower counts nothing twice.
CREATE OR REPLACE FUNCTION operations.move_billing_round(round bigint, place uuid, differing bigint, error text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.billing_rounds AS r
  SET place = move_billing_round.place, compared = r.compared + 1, differing = r.differing + move_billing_round.differing,
    failed = r.failed + CASE WHEN move_billing_round.error IS NULL THEN 0 ELSE 1 END,
    error = coalesce(move_billing_round.error, r.error)
  WHERE r.round = move_billing_round.round AND r.ended_at IS NULL AND (r.place IS NULL OR r.place < move_billing_round.place)
$$;
