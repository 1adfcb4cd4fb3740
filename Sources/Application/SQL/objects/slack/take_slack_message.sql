-- Hands out the message that has been due longest, to one sender only, until `lapses_at`: who has not said by then what became of it
-- is taken for dead, and it is due again. `held` is how many were held in its hour, of the one that says so.
CREATE OR REPLACE FUNCTION operations.take_slack_message(at timestamptz, lapses_at timestamptz)
RETURNS TABLE (
  message_id text, kind text, shard integer, "position" bigint, account_id uuid, attempts integer, queued_at timestamptz, held integer
)
LANGUAGE sql
AS $$
  WITH due AS (
    SELECT m.message_id
    FROM operations.slack_messages AS m
    WHERE m.due_at <= take_slack_message.at
    ORDER BY m.due_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE operations.slack_messages AS m
    SET state = 'sending', attempts = m.attempts + 1, due_at = take_slack_message.lapses_at
    FROM due AS d
    WHERE m.message_id = d.message_id
    RETURNING m.*
  )
  SELECT t.message_id, t.kind, t.shard, t.position, t.account_id, t.attempts, t.queued_at, (
    SELECT count(*)::integer
    FROM operations.slack_messages AS h
    WHERE t.kind = 'more' AND h.account_id = t.account_id AND h.hour = t.hour AND h.state = 'held')
  FROM taken AS t
$$;
