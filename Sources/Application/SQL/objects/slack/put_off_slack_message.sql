-- Puts a message off, unless another sender has taken it meanwhile; `is_attempt` says whether somebody was asked.
CREATE OR REPLACE FUNCTION operations.put_off_slack_message(
  message_id text, attempt integer, due_at timestamptz, reason text, is_attempt boolean
) RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.slack_messages AS m
  SET state = 'queued', due_at = put_off_slack_message.due_at, reason = put_off_slack_message.reason,
    attempts = m.attempts - CASE WHEN put_off_slack_message.is_attempt THEN 0 ELSE 1 END
  WHERE m.message_id = put_off_slack_message.message_id AND m.state = 'sending'
    AND m.attempts = put_off_slack_message.attempt
$$;
