-- An account's customers at Stripe, whatever their shards, those that were linked last first.
--   $1 uuid  account
SELECT c.shard, c.stripe_account, c.livemode, c.customer, c.position, c.linked_at
FROM billing.customers AS c
WHERE c.account_id = $1::uuid
ORDER BY c.linked_at DESC, c.customer
LIMIT 100
