-- An account's subscriptions, those that something was said of last first, with what is scheduled for each, and the upgrade that lapsed, as
-- long as nothing else was said of it.
--   $1 integer  shard
--   $2 uuid     account
--   $3 text     the Stripe account, or NULL: of any
--   $4 boolean  whether money moves, or NULL: either
SELECT s.subscription, s.livemode, s.customer, s.status, s.tier, s.period_start, s.period_end, s.ends_at, s.past_due_since,
  s.is_collection_paused, s.cancellation_reason, s.position, s.changed_at, n.to_tier AS scheduled_tier, n.at AS scheduled_at,
  l.to_tier AS lapsed_tier, l.at AS lapsed_at
FROM billing.subscriptions AS s
LEFT JOIN billing.scheduled AS n
  ON n.shard = s.shard AND n.account_id = s.account_id AND n.subscription = s.subscription
LEFT JOIN billing.lapsed_upgrades AS l
  ON l.shard = s.shard AND l.account_id = s.account_id AND l.subscription = s.subscription AND l.position > s.position
WHERE s.shard = $1::integer AND s.account_id = $2::uuid
  AND ($3::text IS NULL OR s.stripe_account = $3::text) AND ($4::boolean IS NULL OR s.livemode = $4::boolean)
ORDER BY s.position DESC
LIMIT 100
