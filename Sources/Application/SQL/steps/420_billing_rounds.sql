-- Comparisons of what is known with what Stripe has, a row each: one at a time for each side, in the order of accounts' ids.
CREATE TABLE operations.billing_rounds (
  round bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stripe_account text NOT NULL,
  livemode boolean NOT NULL,
  begun_at timestamptz NOT NULL,
  place uuid, -- the account that was compared last; NULL: none yet
  compared bigint NOT NULL DEFAULT 0, -- accounts
  differing bigint NOT NULL DEFAULT 0, -- subscriptions that were not what Stripe had
  failed bigint NOT NULL DEFAULT 0, -- of the accounts those that could not be compared
  error text, -- why, of the last of them
  ended_at timestamptz -- NULL: under way, whether or not a process is at it
);
CREATE UNIQUE INDEX billing_rounds_under_way ON operations.billing_rounds (stripe_account, livemode) WHERE ended_at IS NULL;
