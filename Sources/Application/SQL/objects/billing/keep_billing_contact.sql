-- Keeps whose address a customer at Stripe has, in the place of whose it had.
CREATE OR REPLACE FUNCTION operations.keep_billing_contact(
  stream text, account_id uuid, user_id uuid, email_digest text
)
RETURNS void
LANGUAGE sql
AS $$
  INSERT INTO operations.billing_contacts AS c (stream, account_id, user_id, email_digest)
  VALUES (
    keep_billing_contact.stream, keep_billing_contact.account_id, keep_billing_contact.user_id,
    keep_billing_contact.email_digest)
  ON CONFLICT (stream) DO UPDATE SET user_id = excluded.user_id, email_digest = excluded.email_digest
$$;
