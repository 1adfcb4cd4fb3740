-- Messages to accounts' channels in Slack, and those lately sent. As operations.mails: a row says which event a message tells of, nothing more;
-- text and URL are made when it is sent.
--
--   queued -> sending -> sent
--      ^         |------> failed   refused for good, or given up
--      '---------'------> dropped  no channel takes it any more
--   held                  too many within an hour: one more message says how many there were (kind 'more')
CREATE TABLE operations.slack_messages (
  message_id text PRIMARY KEY, -- derived from the event, so that a repeat is the same message
  kind text NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL, -- of the event
  account_id uuid NOT NULL,
  hour timestamptz NOT NULL, -- that it counts for
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'held')),
  attempts integer NOT NULL DEFAULT 0,
  queued_at timestamptz NOT NULL,
  due_at timestamptz, -- when to try (again); while it is being sent, when its sender is taken for dead; NULL at the end
  finished_at timestamptz,
  reason text -- why the last attempt failed, or what the end was
) WITH (fillfactor = 80);
CREATE INDEX slack_messages_due_at ON operations.slack_messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX slack_messages_finished_at ON operations.slack_messages (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX slack_messages_account_hour ON operations.slack_messages (account_id, hour);

-- When each URL may be sent to again, over all servers. By its SHA-256: a URL is a secret, long and random.
CREATE TABLE operations.slack_paces (
  url_hash text PRIMARY KEY,
  free_at timestamptz NOT NULL
) WITH (fillfactor = 50);
