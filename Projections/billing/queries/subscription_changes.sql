-- What was said of each of an account's subscriptions last when a tier began: before it, or with it in one append.
--   $1 integer      shard
--   $2 uuid         account
--   $3 bigint       the position of the event that the tier began with
--   $4 timestamptz  when the log recorded that
--   $5 text         the Stripe account, or NULL: of any
--   $6 boolean      whether money moves, or NULL: either
SELECT DISTINCT ON (c.subscription) c.subscription, c.position, c.at, c.stripe_account, c.livemode, c.customer, c.status, c.tier, c.facts
FROM billing.subscription_changes AS c
WHERE c.shard = $1::integer AND c.account_id = $2::uuid AND (c.position < $3::bigint OR c.at = $4::timestamptz)
  AND ($5::text IS NULL OR c.stripe_account = $5::text) AND ($6::boolean IS NULL OR c.livemode = $6::boolean)
ORDER BY c.subscription, c.position DESC
LIMIT 100
