-- Keeps what Stripe was asked for, in the place of what was kept under that name.
CREATE OR REPLACE FUNCTION operations.remember_billing(name text, value text)
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_memory AS m (name, value)
  VALUES (remember_billing.name, remember_billing.value)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, noted_at = clock_timestamp()
$$;
