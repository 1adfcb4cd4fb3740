-- Puts a mail off after a failed attempt, unless another sender has taken it meanwhile.
CREATE OR REPLACE FUNCTION operations.put_off_mail(message_id text, attempt integer, due_at timestamptz, reason text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.mails AS m
  SET state = 'queued', due_at = put_off_mail.due_at, reason = put_off_mail.reason
  WHERE m.message_id = put_off_mail.message_id AND m.state = 'sending' AND m.attempts = put_off_mail.attempt
$$;
