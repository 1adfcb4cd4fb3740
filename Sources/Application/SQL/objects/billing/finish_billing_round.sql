-- All accounts of a side are done with: the next comparison begins anew. Answers how many there were.
CREATE OR REPLACE FUNCTION operations.finish_billing_round(round bigint, at timestamptz)
RETURNS bigint
LANGUAGE sql
AS $$
  UPDATE operations.billing_rounds AS r
  SET ended_at = coalesce(r.ended_at, finish_billing_round.at)
  WHERE r.round = finish_billing_round.round
  RETURNING r.compared
$$;
