-- Customers at Stripe that are an account's, each on the shard of what Stripe said of it, which need not be the account's.
CREATE TABLE customers (
  shard integer NOT NULL,
  stripe_account text NOT NULL,
  livemode boolean NOT NULL, -- whether money moves
  customer text NOT NULL, -- cus_…
  account_id uuid NOT NULL,
  position bigint NOT NULL,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (shard, stripe_account, livemode, customer)
);
-- An account's are looked up before their shards are known.
CREATE INDEX ON customers (account_id);

CREATE TABLE subscriptions (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  subscription text NOT NULL, -- sub_…
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  customer text NOT NULL,
  status text NOT NULL, -- Stripe's word: active, past_due, canceled, …
  tier text, -- what it entitles to by itself; NULL: to nothing
  prices text[] NOT NULL,
  period_start timestamptz, -- of what is paid
  period_end timestamptz,
  ends_at timestamptz, -- NULL: it is not to end
  past_due_since timestamptz,
  is_collection_paused boolean NOT NULL,
  cancellation_reason text,
  facts bigint NOT NULL, -- how many of what it follows from were known
  position bigint NOT NULL, -- of the event that said so last
  changed_at timestamptz NOT NULL, -- likewise
  PRIMARY KEY (shard, account_id, subscription)
);

-- Each thing that was said of a subscription: what a tier follows from is told by them.
CREATE TABLE subscription_changes (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz NOT NULL,
  subscription text NOT NULL,
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  customer text NOT NULL,
  status text NOT NULL,
  tier text,
  facts bigint NOT NULL,
  PRIMARY KEY (shard, account_id, position)
);

-- Each tier that an account itself has had; grants stand beside.
CREATE TABLE tiers (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz NOT NULL,
  tier text NOT NULL,
  cause text, -- NULL: it was opened with it
  PRIMARY KEY (shard, account_id, position)
);

-- A lower tier that is to begin; what was called off, or has begun, has no row.
CREATE TABLE scheduled (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  subscription text NOT NULL,
  from_tier text NOT NULL,
  to_tier text NOT NULL,
  at timestamptz,
  position bigint NOT NULL,
  PRIMARY KEY (shard, account_id, subscription)
);

-- The last upgrade of a subscription that was not paid, and given up; none where another change was asked for since.
CREATE TABLE lapsed_upgrades (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  subscription text NOT NULL,
  to_tier text, -- NULL: nobody asked for it here
  at timestamptz NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (shard, account_id, subscription)
);

-- Amounts are in minor units of the invoice's own currency.
CREATE TABLE invoices (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  invoice text NOT NULL, -- in_…
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  customer text NOT NULL,
  number text, -- as people see it; NULL of a draft
  subscription text,
  status text NOT NULL, -- draft, open, uncollectible, void or paid
  currency text NOT NULL,
  total bigint NOT NULL,
  amount_due bigint NOT NULL,
  amount_paid bigint NOT NULL,
  tax bigint,
  attempt_count bigint NOT NULL,
  next_payment_attempt timestamptz, -- NULL: Stripe will not try again
  billing_reason text,
  created timestamptz NOT NULL,
  period_start timestamptz,
  period_end timestamptz,
  position bigint NOT NULL, -- of the event that said so last
  PRIMARY KEY (shard, account_id, invoice)
);
CREATE INDEX ON invoices (shard, account_id, created, invoice);

-- What the owners were told of an invoice's payment, which may be before the invoice itself is said to be anything.
CREATE TABLE payments (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  invoice text NOT NULL,
  failed_at timestamptz, -- all three: when the log recorded it last
  attempt text, -- first or last
  action_required_at timestamptz,
  recovered_at timestamptz,
  PRIMARY KEY (shard, account_id, invoice)
);

CREATE TABLE refunds (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  refund text NOT NULL, -- re_…, or the charge
  status text NOT NULL,
  amount bigint NOT NULL,
  currency text NOT NULL,
  invoice text,
  position bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (shard, account_id, refund)
);
CREATE INDEX ON refunds (shard, account_id, invoice);

CREATE TABLE disputes (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  dispute text NOT NULL, -- dp_…
  amount bigint, -- these four: NULL until it is said to be open
  currency text,
  reason text,
  invoice text,
  opened_at timestamptz,
  status text, -- won, lost, …; NULL while it is open
  closed_at timestamptz,
  PRIMARY KEY (shard, account_id, dispute)
);
CREATE INDEX ON disputes (shard, account_id, invoice);

-- What whoever runs the installation has to look at; what was resolved has no row.
CREATE TABLE attention (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  attention text NOT NULL, -- of what kind
  subject text NOT NULL, -- an id of Stripe's
  detail text NOT NULL,
  position bigint NOT NULL,
  needed_at timestamptz NOT NULL,
  PRIMARY KEY (shard, account_id, attention, subject)
);
CREATE INDEX ON attention (needed_at, shard, position);
