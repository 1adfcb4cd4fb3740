-- A customer is an account's. Said once, it stays.
CREATE OR REPLACE FUNCTION operations.note_billing_customer(
  stream text, stripe_account text, livemode boolean, customer text, account_id uuid
)
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_customers (stream, stripe_account, livemode, customer, account_id)
  VALUES (
    note_billing_customer.stream, note_billing_customer.stripe_account, note_billing_customer.livemode,
    note_billing_customer.customer, note_billing_customer.account_id)
  ON CONFLICT DO NOTHING
$$;
