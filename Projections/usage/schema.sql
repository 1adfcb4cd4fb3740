CREATE TABLE months (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL, -- 2026-11
  mode text NOT NULL, -- live or test, each with a quota of its own
  used bigint NOT NULL, -- of the quota: accepted and not given back
  voided bigint NOT NULL, -- taken out of the numbers: calls = used - (voided - given_back)
  given_back bigint NOT NULL, -- of the voided, those that the quota got back
  refused bigint NOT NULL,
  quota bigint NOT NULL,
  first_position bigint NOT NULL, -- where it was first used: decides which quota was in force then
  threshold_reached_at timestamptz, -- 80 % of the live quota
  exceeded_at timestamptz, -- 100 % of the live quota
  PRIMARY KEY (shard, account_id, month, mode)
) WITH (fillfactor = 70); -- updated by every cut: HOT, no index on an updated column

CREATE TABLE intake (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  hour timestamptz NOT NULL,
  key_id uuid NOT NULL,
  account_id uuid NOT NULL,
  accepted bigint NOT NULL,
  duplicates bigint NOT NULL,
  refused bigint NOT NULL,
  invalid bigint NOT NULL,
  malformed bigint NOT NULL, -- of the invalid, like the next two; where these are fewer, an older release did not say why
  outside_window bigint NOT NULL,
  id_conflicts bigint NOT NULL,
  throttled bigint NOT NULL, -- calls turned away unread, for coming too fast: no part of the equation
  PRIMARY KEY (shard, project_id, mode, hour, key_id)
) WITH (fillfactor = 70);

-- The same by day of receipt (UTC), which outlives the hours.
CREATE TABLE days (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  mode text NOT NULL,
  day date NOT NULL,
  key_id uuid NOT NULL,
  account_id uuid NOT NULL,
  accepted bigint NOT NULL,
  duplicates bigint NOT NULL,
  refused bigint NOT NULL,
  invalid bigint NOT NULL,
  malformed bigint NOT NULL, -- likewise
  outside_window bigint NOT NULL,
  id_conflicts bigint NOT NULL,
  throttled bigint NOT NULL, -- calls turned away unread, for coming too fast: no part of the equation
  PRIMARY KEY (shard, project_id, mode, day, key_id)
) WITH (fillfactor = 70);

CREATE TABLE key_months (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  month text NOT NULL, -- of the requests' own timestamps, UTC, as in `months`
  key_id uuid NOT NULL,
  account_id uuid NOT NULL,
  mode text NOT NULL,
  used bigint NOT NULL, -- the same as in `months`
  voided bigint NOT NULL,
  given_back bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (shard, project_id, month, key_id)
) WITH (fillfactor = 70);

-- Where in the log the requests of an account's month stand, voided or not: what its `used` is made of.
CREATE TABLE pieces (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  month text NOT NULL, -- of the requests' own timestamps, UTC, as in `months`
  mode text NOT NULL,
  recorded_on date NOT NULL, -- by the time the log recorded them, UTC
  project_id uuid NOT NULL,
  key_id uuid NOT NULL,
  events bigint NOT NULL,
  first_position bigint NOT NULL,
  last_position bigint NOT NULL, -- between the two others' may stand
  PRIMARY KEY (shard, account_id, month, mode, recorded_on, project_id, key_id)
) WITH (fillfactor = 70); -- updated by every cut: HOT, no index on an updated column

CREATE TABLE key_uses (
  shard integer NOT NULL,
  key_id uuid NOT NULL,
  last_used_at timestamptz NOT NULL, -- the minute in which it last sent something (recorded), or was seen to read (key_used, hourly)
  PRIMARY KEY (shard, key_id)
) WITH (fillfactor = 70);

CREATE TABLE quotas (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  position bigint NOT NULL,
  month text NOT NULL, -- of the recording, UTC
  terms jsonb NOT NULL, -- what the event there said of the account's quota (log.quota_terms)
  PRIMARY KEY (shard, account_id, position)
);

CREATE TABLE voids (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  position bigint NOT NULL,
  account_id uuid NOT NULL,
  void_id uuid NOT NULL,
  mode text NOT NULL,
  "from" timestamptz NOT NULL, -- the requests' own timestamps, from inclusive, to exclusive
  "to" timestamptz NOT NULL,
  upto_position bigint NOT NULL, -- what was recorded later counts
  reason text NOT NULL,
  events bigint NOT NULL, -- taken out, in all
  counts jsonb NOT NULL, -- by month and key
  gives_back_quota boolean NOT NULL,
  voided_by uuid, -- the person; NULL from the command line
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id, position)
);

-- Table `retention`: where the detail of each project begins. Detail is hours of receipt, here; their days stay.
SELECT log.create_retention();

-- Forgets the detail that is no longer kept from a cut on. Runs before the cut's own requests are counted, which then ask
-- log.detail_from().
CREATE FUNCTION forget_detail(shard integer, after bigint, upto bigint) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  moved record;
BEGIN
  FOR moved IN
    SELECT m.* FROM log.move_retention(forget_detail.shard, forget_detail.after, forget_detail.upto) AS m
  LOOP
    DELETE FROM intake AS i
    WHERE i.shard = forget_detail.shard AND i.project_id = moved.project_id AND i.mode IN ('live', 'test')
      AND i.hour < moved.before;
  END LOOP;
END
$$;
