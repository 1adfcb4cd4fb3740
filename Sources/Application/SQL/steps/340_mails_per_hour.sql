-- What is told about an account is held to so many mails an hour to one person (operations.add_mail).
ALTER TABLE operations.mails
  ADD COLUMN account_id uuid, -- that it tells of; NULL for what concerns a person, which is never held
  ADD COLUMN hour timestamptz, -- that it counts for
  DROP CONSTRAINT mails_state_check,
  -- held: too many within the hour; one more mail says how many there were (kind 'more')
  ADD CONSTRAINT mails_state_check CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held'));
CREATE INDEX mails_of_hour ON operations.mails (account_id, recipient, hour) WHERE account_id IS NOT NULL;
