-- Whose address a customer at Stripe was given: bills follow that person's address, and go to another owner when they own the account no more.
CREATE TABLE operations.billing_contacts (
  stream text PRIMARY KEY, -- as in billing_customers
  account_id uuid NOT NULL,
  user_id uuid NOT NULL,
  email_digest text NOT NULL -- of the address that was given, under the log's pepper
);
CREATE INDEX billing_contacts_account ON operations.billing_contacts (account_id);
CREATE INDEX billing_contacts_user ON operations.billing_contacts (user_id);
