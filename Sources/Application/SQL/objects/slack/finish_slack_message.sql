-- Notes the end of a message: sent, failed or dropped. Sent is sent, even when the lease has lapsed meanwhile.
CREATE OR REPLACE FUNCTION operations.finish_slack_message(
  message_id text, attempt integer, state text, at timestamptz, reason text
) RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.slack_messages AS m
  SET state = finish_slack_message.state, finished_at = finish_slack_message.at, due_at = NULL,
    reason = finish_slack_message.reason
  WHERE m.message_id = finish_slack_message.message_id
    AND (finish_slack_message.state = 'sent' OR m.state = 'sending' AND m.attempts = finish_slack_message.attempt)
$$;
