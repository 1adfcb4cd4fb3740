-- A page of an account's invoices, the latest first, with what was told of their payment, what went back of it, and whether it is disputed.
--   $1 integer      shard
--   $2 uuid         account
--   $3 text         the Stripe account, or NULL: of any
--   $4 boolean      whether money moves, or NULL: either
--   $5 boolean      those that are open and not paid, instead of all but drafts
--   $6 timestamptz  created of the last invoice of the page before, or NULL
--   $7 text         that invoice
--   $8 integer      rows
SELECT i.invoice, i.number, i.subscription, i.status, i.currency, i.total, i.amount_due, i.amount_paid, i.tax, i.attempt_count,
  i.next_payment_attempt, i.billing_reason, i.created, i.period_start, i.period_end, p.failed_at, p.action_required_at,
  p.recovered_at, r.refunded, d.dispute
FROM billing.invoices AS i
LEFT JOIN billing.payments AS p ON p.shard = i.shard AND p.account_id = i.account_id AND p.invoice = i.invoice
CROSS JOIN LATERAL (
  SELECT coalesce(sum(r.amount), 0)::bigint AS refunded
  FROM billing.refunds AS r
  WHERE r.shard = i.shard AND r.account_id = i.account_id AND r.invoice = i.invoice AND r.status NOT IN ('canceled', 'failed')
) AS r
LEFT JOIN LATERAL (
  SELECT coalesce(d.status, 'open') AS dispute
  FROM billing.disputes AS d
  WHERE d.shard = i.shard AND d.account_id = i.account_id AND d.invoice = i.invoice AND d.opened_at IS NOT NULL
  ORDER BY d.opened_at DESC, d.dispute DESC
  LIMIT 1
) AS d ON true
WHERE i.shard = $1::integer AND i.account_id = $2::uuid
  AND ($3::text IS NULL OR i.stripe_account = $3::text) AND ($4::boolean IS NULL OR i.livemode = $4::boolean)
  AND CASE WHEN $5::boolean THEN i.status = 'open' AND i.amount_due > i.amount_paid ELSE i.status <> 'draft' END
  AND ($6::timestamptz IS NULL OR (i.created, i.invoice) < ($6::timestamptz, $7::text))
ORDER BY i.created DESC, i.invoice DESC
LIMIT $8::integer
