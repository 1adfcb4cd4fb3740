-- Notes the end of a mail: sent, failed or dropped. Sent is sent, even when the lease has lapsed meanwhile.
CREATE OR REPLACE FUNCTION operations.finish_mail(message_id text, attempt integer, state text, at timestamptz, reason text)
RETURNS void
LANGUAGE sql
AS $$
  UPDATE operations.mails AS m
  SET state = finish_mail.state, finished_at = finish_mail.at, due_at = NULL, reason = finish_mail.reason
  WHERE m.message_id = finish_mail.message_id
    AND (finish_mail.state = 'sent' OR m.state = 'sending' AND m.attempts = finish_mail.attempt)
$$;
