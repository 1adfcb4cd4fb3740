-- So many more deliveries came to these outcomes. In their order, so that two servers don't wait for each other in a circle.
CREATE OR REPLACE FUNCTION operations.count_billing_deliveries(outcomes text[], deliveries bigint[])
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_deliveries AS d (outcome, deliveries, last_at)
  SELECT n.outcome, n.deliveries, clock_timestamp()
  FROM unnest(count_billing_deliveries.outcomes, count_billing_deliveries.deliveries) AS n (outcome, deliveries)
  ORDER BY n.outcome
  ON CONFLICT (outcome) DO UPDATE SET deliveries = d.deliveries + excluded.deliveries, last_at = excluded.last_at
$$;
