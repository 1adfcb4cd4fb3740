-- Queues a message, once. Beyond so many of its account in an hour (UTC) it is held, and one message, which is due when the hour is over,
-- says how many were. By one reactor at a time for each account: its shard's lease.
CREATE OR REPLACE FUNCTION operations.add_slack_message(
  message_id text, kind text, shard integer, "position" bigint, account_id uuid, at timestamptz, per_hour integer
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  its_hour timestamptz := date_trunc('hour', add_slack_message.at, 'UTC');
  is_held boolean;
BEGIN
  is_held := add_slack_message.per_hour <= (
    SELECT count(*)
    FROM operations.slack_messages AS m
    WHERE m.account_id = add_slack_message.account_id AND m.hour = its_hour AND m.kind <> 'more');
  INSERT INTO operations.slack_messages (message_id, kind, shard, position, account_id, hour, state, queued_at, due_at, finished_at)
  VALUES (
    add_slack_message.message_id, add_slack_message.kind, add_slack_message.shard, add_slack_message.position,
    add_slack_message.account_id, its_hour, CASE WHEN is_held THEN 'held' ELSE 'queued' END, add_slack_message.at,
    CASE WHEN NOT is_held THEN add_slack_message.at END, CASE WHEN is_held THEN add_slack_message.at END)
  ON CONFLICT DO NOTHING;
  IF FOUND AND is_held THEN
    INSERT INTO operations.slack_messages (message_id, kind, shard, position, account_id, hour, queued_at, due_at)
    VALUES (
      'more/' || add_slack_message.account_id || '/' || extract(epoch FROM its_hour)::bigint, 'more',
      add_slack_message.shard, add_slack_message.position, add_slack_message.account_id, its_hour,
      -- By a minute later than the hour's end: servers' clocks differ.
      its_hour + interval '61 minutes', its_hour + interval '61 minutes')
    ON CONFLICT DO NOTHING;
  END IF;
END
$$;
