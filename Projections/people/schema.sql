-- A person lives on the shard of their own id, not on that of an account: one person may belong to several.
CREATE TABLE users (
  shard integer NOT NULL,
  user_id uuid NOT NULL,
  email_digest text NOT NULL, -- hex HMAC-SHA256 of the address
  email_sealed text NOT NULL,
  verified_at timestamptz, -- the address as it is now
  name_sealed text,
  time_zone text,
  registered_at timestamptz NOT NULL,
  deletion_due_at timestamptz,
  PRIMARY KEY (shard, user_id)
);
CREATE INDEX ON users (email_digest);
CREATE INDEX ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;

CREATE TABLE sessions (
  shard integer NOT NULL,
  session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  client_sealed text, -- address and user agent at log-in, sealed for the person
  started_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL, -- of its refresh token
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (shard, session_id)
) WITH (fillfactor = 80);
CREATE INDEX ON sessions (shard, user_id);
