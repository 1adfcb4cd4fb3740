-- One pass for all tables. The type is looked at before anything is unfolded, so that telemetry, nearly all of the log, costs a look per
-- unit. Where a cut holds several events of one thing the last of them counts, so that each row is touched once.
WITH facts AS MATERIALIZED (
  SELECT u.shard, u.position, u.recorded_at, u.type, (u.data -> 0 ->> 'account_id')::uuid AS account_id, u.data -> 0 AS data
  FROM log.read_units($1, $2, $3) AS u
  WHERE u.type IN (
    'account_opened', 'tier_changed',
    'billing_customer_linked', 'subscription_changed', 'tier_change_scheduled', 'tier_change_requested', 'upgrade_expired',
    'invoice_recorded',
    'payment_failed', 'payment_action_required', 'payment_recovered', 'refund_recorded', 'dispute_opened', 'dispute_closed',
    'billing_attention_needed', 'billing_attention_resolved')
), customers_linked AS (
  INSERT INTO customers (shard, stripe_account, livemode, customer, account_id, position, linked_at)
  SELECT DISTINCT ON (c.stripe_account, c.livemode, c.customer)
    f.shard, c.stripe_account, c.livemode, c.customer, f.account_id, f.position, f.recorded_at
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS c (stripe_account text, livemode boolean, customer text)
  WHERE f.type = 'billing_customer_linked'
  ORDER BY c.stripe_account, c.livemode, c.customer, f.position DESC
  ON CONFLICT (shard, stripe_account, livemode, customer) DO UPDATE
  SET account_id = excluded.account_id, position = excluded.position, linked_at = excluded.linked_at
), subscriptions_said AS MATERIALIZED (
  SELECT f.shard, f.account_id, f.position, f.recorded_at, s.*
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS s (
    subscription text, stripe_account text, livemode boolean, customer text, status text, tier text, prices text[],
    period_start bigint, period_end bigint, ends_at bigint, past_due_since bigint, is_collection_paused boolean,
    cancellation_reason text, facts bigint)
  WHERE f.type = 'subscription_changed'
), subscriptions_moved AS (
  INSERT INTO subscriptions (
    shard, account_id, subscription, stripe_account, livemode, customer, status, tier, prices, period_start, period_end, ends_at,
    past_due_since, is_collection_paused, cancellation_reason, facts, position, changed_at)
  SELECT DISTINCT ON (s.account_id, s.subscription)
    s.shard, s.account_id, s.subscription, s.stripe_account, s.livemode, s.customer, s.status, s.tier, s.prices,
    to_timestamp(s.period_start / 1000.0), to_timestamp(s.period_end / 1000.0), to_timestamp(s.ends_at / 1000.0),
    to_timestamp(s.past_due_since / 1000.0), s.is_collection_paused, s.cancellation_reason, s.facts, s.position, s.recorded_at
  FROM subscriptions_said AS s
  ORDER BY s.account_id, s.subscription, s.position DESC
  ON CONFLICT (shard, account_id, subscription) DO UPDATE
  SET stripe_account = excluded.stripe_account, livemode = excluded.livemode, customer = excluded.customer,
    status = excluded.status, tier = excluded.tier, prices = excluded.prices, period_start = excluded.period_start,
    period_end = excluded.period_end, ends_at = excluded.ends_at, past_due_since = excluded.past_due_since,
    is_collection_paused = excluded.is_collection_paused, cancellation_reason = excluded.cancellation_reason,
    facts = excluded.facts, position = excluded.position, changed_at = excluded.changed_at
), changes_added AS (
  INSERT INTO subscription_changes (
    shard, account_id, position, at, subscription, stripe_account, livemode, customer, status, tier, facts)
  SELECT s.shard, s.account_id, s.position, s.recorded_at, s.subscription, s.stripe_account, s.livemode, s.customer, s.status,
    s.tier, s.facts
  FROM subscriptions_said AS s
), scheduled_said AS MATERIALIZED (
  SELECT DISTINCT ON (f.account_id, n.subscription) f.shard, f.account_id, f.position, n.*
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS n (subscription text, from_tier text, to_tier text, at bigint)
  WHERE f.type = 'tier_change_scheduled'
  ORDER BY f.account_id, n.subscription, f.position DESC
), scheduled_dropped AS (
  DELETE FROM scheduled AS s
  USING scheduled_said AS n
  WHERE n.to_tier IS NULL AND s.shard = n.shard AND s.account_id = n.account_id AND s.subscription = n.subscription
), scheduled_set AS (
  INSERT INTO scheduled (shard, account_id, subscription, from_tier, to_tier, at, position)
  SELECT n.shard, n.account_id, n.subscription, n.from_tier, n.to_tier, to_timestamp(n.at / 1000.0), n.position
  FROM scheduled_said AS n
  WHERE n.to_tier IS NOT NULL
  ON CONFLICT (shard, account_id, subscription) DO UPDATE
  SET from_tier = excluded.from_tier, to_tier = excluded.to_tier, at = excluded.at, position = excluded.position
), upgrades_said AS MATERIALIZED (
  SELECT DISTINCT ON (f.account_id, u.subscription) f.shard, f.account_id, f.position, f.type, u.*
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS u (subscription text, to_tier text, at bigint)
  WHERE f.type IN ('tier_change_requested', 'upgrade_expired')
  ORDER BY f.account_id, u.subscription, f.position DESC
), upgrades_asked_again AS (
  DELETE FROM lapsed_upgrades AS l
  USING upgrades_said AS u
  WHERE u.type = 'tier_change_requested' AND l.shard = u.shard AND l.account_id = u.account_id
    AND l.subscription = u.subscription
), upgrades_lapsed AS (
  INSERT INTO lapsed_upgrades (shard, account_id, subscription, to_tier, at, position)
  SELECT u.shard, u.account_id, u.subscription, u.to_tier, to_timestamp(u.at / 1000.0), u.position
  FROM upgrades_said AS u
  WHERE u.type = 'upgrade_expired'
  ON CONFLICT (shard, account_id, subscription) DO UPDATE
  SET to_tier = excluded.to_tier, at = excluded.at, position = excluded.position
), invoices_moved AS (
  INSERT INTO invoices (
    shard, account_id, invoice, stripe_account, livemode, customer, number, subscription, status, currency, total, amount_due,
    amount_paid, tax, attempt_count, next_payment_attempt, billing_reason, created, period_start, period_end, position)
  SELECT DISTINCT ON (f.account_id, i.invoice)
    f.shard, f.account_id, i.invoice, i.stripe_account, i.livemode, i.customer, i.number, i.subscription, i.status, i.currency,
    i.total, i.amount_due, i.amount_paid, i.tax, i.attempt_count, to_timestamp(i.next_payment_attempt / 1000.0),
    i.billing_reason, to_timestamp(i.created / 1000.0), to_timestamp(i.period_start / 1000.0),
    to_timestamp(i.period_end / 1000.0), f.position
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS i (
    invoice text, stripe_account text, livemode boolean, customer text, number text, subscription text, status text,
    currency text, total bigint, amount_due bigint, amount_paid bigint, tax bigint, attempt_count bigint,
    next_payment_attempt bigint, billing_reason text, created bigint, period_start bigint, period_end bigint)
  WHERE f.type = 'invoice_recorded'
  ORDER BY f.account_id, i.invoice, f.position DESC
  ON CONFLICT (shard, account_id, invoice) DO UPDATE
  SET stripe_account = excluded.stripe_account, livemode = excluded.livemode, customer = excluded.customer,
    number = excluded.number, subscription = excluded.subscription, status = excluded.status, currency = excluded.currency,
    total = excluded.total, amount_due = excluded.amount_due, amount_paid = excluded.amount_paid, tax = excluded.tax,
    attempt_count = excluded.attempt_count, next_payment_attempt = excluded.next_payment_attempt,
    billing_reason = excluded.billing_reason, created = excluded.created, period_start = excluded.period_start,
    period_end = excluded.period_end, position = excluded.position
), payments_said AS (
  SELECT f.shard, f.account_id, f.data ->> 'invoice' AS invoice,
    (array_agg(f.recorded_at ORDER BY f.position DESC) FILTER (WHERE f.type = 'payment_failed'))[1] AS failed_at,
    (array_agg(f.data ->> 'attempt' ORDER BY f.position DESC) FILTER (WHERE f.type = 'payment_failed'))[1] AS attempt,
    (array_agg(f.recorded_at ORDER BY f.position DESC) FILTER (WHERE f.type = 'payment_action_required'))[1]
      AS action_required_at,
    (array_agg(f.recorded_at ORDER BY f.position DESC) FILTER (WHERE f.type = 'payment_recovered'))[1] AS recovered_at
  FROM facts AS f
  WHERE f.type IN ('payment_failed', 'payment_action_required', 'payment_recovered')
  GROUP BY f.shard, f.account_id, f.data ->> 'invoice'
), payments_moved AS (
  INSERT INTO payments AS p (shard, account_id, invoice, failed_at, attempt, action_required_at, recovered_at)
  SELECT s.shard, s.account_id, s.invoice, s.failed_at, s.attempt, s.action_required_at, s.recovered_at
  FROM payments_said AS s
  ON CONFLICT (shard, account_id, invoice) DO UPDATE
  SET failed_at = coalesce(excluded.failed_at, p.failed_at), attempt = coalesce(excluded.attempt, p.attempt),
    action_required_at = coalesce(excluded.action_required_at, p.action_required_at),
    recovered_at = coalesce(excluded.recovered_at, p.recovered_at)
), refunds_moved AS (
  INSERT INTO refunds (shard, account_id, refund, status, amount, currency, invoice, position, at)
  SELECT DISTINCT ON (f.account_id, r.refund)
    f.shard, f.account_id, r.refund, r.status, r.amount, r.currency, r.invoice, f.position, f.recorded_at
  FROM facts AS f
  CROSS JOIN LATERAL jsonb_to_record(f.data) AS r (refund text, status text, amount bigint, currency text, invoice text)
  WHERE f.type = 'refund_recorded'
  ORDER BY f.account_id, r.refund, f.position DESC
  ON CONFLICT (shard, account_id, refund) DO UPDATE
  SET status = excluded.status, amount = excluded.amount, currency = excluded.currency, invoice = excluded.invoice,
    position = excluded.position, at = excluded.at
), disputes_said AS (
  SELECT f.shard, f.account_id, f.data ->> 'dispute' AS dispute,
    (array_agg(f.data ORDER BY f.position) FILTER (WHERE f.type = 'dispute_opened'))[1] AS opened,
    (array_agg(f.recorded_at ORDER BY f.position) FILTER (WHERE f.type = 'dispute_opened'))[1] AS opened_at,
    (array_agg(f.data ->> 'status' ORDER BY f.position DESC) FILTER (WHERE f.type = 'dispute_closed'))[1] AS status,
    (array_agg(f.recorded_at ORDER BY f.position DESC) FILTER (WHERE f.type = 'dispute_closed'))[1] AS closed_at
  FROM facts AS f
  WHERE f.type IN ('dispute_opened', 'dispute_closed')
  GROUP BY f.shard, f.account_id, f.data ->> 'dispute'
), disputes_moved AS (
  -- What it is about is what was said first; how it ended, what was said last.
  INSERT INTO disputes AS d (
    shard, account_id, dispute, amount, currency, reason, invoice, opened_at, status, closed_at)
  SELECT s.shard, s.account_id, s.dispute, (s.opened ->> 'amount')::bigint, s.opened ->> 'currency', s.opened ->> 'reason',
    s.opened ->> 'invoice', s.opened_at, s.status, s.closed_at
  FROM disputes_said AS s
  ON CONFLICT (shard, account_id, dispute) DO UPDATE
  SET amount = CASE WHEN d.opened_at IS NULL THEN excluded.amount ELSE d.amount END,
    currency = CASE WHEN d.opened_at IS NULL THEN excluded.currency ELSE d.currency END,
    reason = CASE WHEN d.opened_at IS NULL THEN excluded.reason ELSE d.reason END,
    invoice = CASE WHEN d.opened_at IS NULL THEN excluded.invoice ELSE d.invoice END,
    opened_at = coalesce(d.opened_at, excluded.opened_at),
    status = coalesce(excluded.status, d.status), closed_at = coalesce(excluded.closed_at, d.closed_at)
), attention_said AS MATERIALIZED (
  SELECT DISTINCT ON (f.account_id, f.data ->> 'attention', f.data ->> 'subject')
    f.shard, f.account_id, f.data ->> 'attention' AS attention, f.data ->> 'subject' AS subject, f.type, f.position, f.recorded_at,
    f.data ->> 'detail' AS detail
  FROM facts AS f
  WHERE f.type IN ('billing_attention_needed', 'billing_attention_resolved')
  ORDER BY f.account_id, f.data ->> 'attention', f.data ->> 'subject', f.position DESC
), attention_resolved AS (
  DELETE FROM attention AS a
  USING attention_said AS s
  WHERE s.type = 'billing_attention_resolved' AND a.shard = s.shard AND a.account_id = s.account_id
    AND a.attention = s.attention AND a.subject = s.subject
), attention_needed AS (
  INSERT INTO attention (shard, account_id, attention, subject, detail, position, needed_at)
  SELECT s.shard, s.account_id, s.attention, s.subject, s.detail, s.position, s.recorded_at
  FROM attention_said AS s
  WHERE s.type = 'billing_attention_needed'
  ON CONFLICT (shard, account_id, attention, subject) DO UPDATE
  SET detail = excluded.detail, position = excluded.position, needed_at = excluded.needed_at
)
INSERT INTO tiers (shard, account_id, position, at, tier, cause)
SELECT f.shard, f.account_id, f.position, f.recorded_at, f.data ->> 'tier', f.data ->> 'cause'
FROM facts AS f
WHERE f.type IN ('account_opened', 'tier_changed');
