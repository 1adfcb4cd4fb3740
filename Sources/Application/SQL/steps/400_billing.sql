-- What the process manager of billing keeps beside the log. All of it follows from facts in the log, or can be asked of Stripe again.

-- Which customer at Stripe is which account's: `billing_customer_linked`, found by the customer's stream.
CREATE TABLE operations.billing_customers (
  stream text PRIMARY KEY,
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  customer text NOT NULL,
  account_id uuid NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX billing_customers_account ON operations.billing_customers (account_id);

-- Whose payments, charges and invoices are whose: disputes and refunds name no customer.
CREATE TABLE operations.billing_objects (
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  object_id text NOT NULL,
  customer text NOT NULL,
  PRIMARY KEY (stripe_account, livemode, object_id)
);

-- The accounts that something may follow for. Who takes one moves `due_at` to the end of his lease.
CREATE TABLE operations.billing_due (
  account_id uuid PRIMARY KEY,
  due_at timestamptz NOT NULL,
  note bigint NOT NULL DEFAULT 1, -- moved by each note: who ends one knows whether something came meanwhile
  attempts integer NOT NULL DEFAULT 0, -- since it was last ended
  error text -- why the last attempt failed
) WITH (fillfactor = 70);
CREATE INDEX billing_due_at ON operations.billing_due (due_at);

-- What was asked of Stripe and is asked again where it is lost: which account a key opens, how far its events were read; and, sealed, the
-- secret of the webhook endpoint.
CREATE TABLE operations.billing_memory (
  name text PRIMARY KEY,
  value text NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What became of Stripe's deliveries, by outcome.
CREATE TABLE operations.billing_deliveries (
  outcome text PRIMARY KEY,
  deliveries bigint NOT NULL,
  last_at timestamptz NOT NULL
);
