-- Mails to be sent and those lately sent. A row says which event a mail tells of and whose key opens the address, nothing more:
-- the mail is written when it is sent, so that no address, name or token rests here.
--
--   queued -> sending -> sent
--      ^         |------> failed   refused for good, or given up
--      '---------'------> dropped  nobody is to get it any more: expired, or the person was erased
CREATE TABLE IF NOT EXISTS operations.mails (
  message_id text PRIMARY KEY, -- of RFC 5322, without brackets: derived from the event, so that a repeat is the same mail
  kind text NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL, -- of the event
  recipient uuid NOT NULL, -- the vault's subject
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  due_at timestamptz, -- when to try (again); while it is being sent, when its sender is taken for dead; NULL at the end
  expires_at timestamptz, -- when what it carries stops working
  finished_at timestamptz,
  reason text -- why the last attempt failed, or what the end was; never holds an address
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS mails_due_at ON operations.mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS mails_finished_at ON operations.mails (finished_at) WHERE finished_at IS NOT NULL;
