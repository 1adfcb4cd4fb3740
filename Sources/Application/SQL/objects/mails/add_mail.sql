-- Queues a mail, once. Of those that tell of an account more than so many to one person in an hour (UTC) are held, and one mail, which is due
-- when the hour is over, says how many were. By one reactor at a time for each account: its shard's lease.
CREATE OR REPLACE FUNCTION operations.add_mail(
  message_id text, kind text, shard integer, "position" bigint, recipient uuid, at timestamptz, expires_at timestamptz,
  account_id uuid, per_hour integer, more_id text
) RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  its_hour timestamptz := CASE WHEN add_mail.account_id IS NOT NULL THEN date_trunc('hour', add_mail.at, 'UTC') END;
  is_held boolean;
BEGIN
  is_held := add_mail.account_id IS NOT NULL AND add_mail.per_hour <= (
    SELECT count(*)
    FROM operations.mails AS m
    WHERE m.account_id = add_mail.account_id AND m.recipient = add_mail.recipient AND m.hour = its_hour AND m.kind <> 'more');
  INSERT INTO operations.mails (
    message_id, kind, shard, position, recipient, state, queued_at, due_at, finished_at, expires_at, account_id, hour)
  VALUES (
    add_mail.message_id, add_mail.kind, add_mail.shard, add_mail.position, add_mail.recipient,
    CASE WHEN is_held THEN 'held' ELSE 'queued' END, add_mail.at, CASE WHEN NOT is_held THEN add_mail.at END,
    CASE WHEN is_held THEN add_mail.at END, add_mail.expires_at, add_mail.account_id, its_hour)
  ON CONFLICT (message_id) DO NOTHING;
  IF FOUND AND is_held THEN
    INSERT INTO operations.mails (message_id, kind, shard, position, recipient, queued_at, due_at, account_id, hour)
    VALUES (
      add_mail.more_id, 'more', add_mail.shard, add_mail.position, add_mail.recipient,
      -- By a minute later than the hour's end: servers' clocks differ.
      its_hour + interval '61 minutes', its_hour + interval '61 minutes', add_mail.account_id, its_hour)
    ON CONFLICT (message_id) DO NOTHING;
  END IF;
END
$$;
