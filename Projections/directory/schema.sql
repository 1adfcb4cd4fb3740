CREATE TABLE accounts (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  name text, -- what its members call it; NULL where nobody has named it
  tier text NOT NULL,
  monthly_quota bigint NOT NULL, -- by the tier, as last set; the quota a month was decided by stands in projection `usage`
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  is_demo boolean NOT NULL, -- nobody sends what it tracks: it is made by a recipe
  granted_tier text, -- by the operator, beside what it pays for; the higher counts
  granted_quota bigint, -- likewise, live calls a month
  granted_requests_per_second bigint, -- likewise
  granted_bytes_per_second bigint,
  granted_until timestamptz, -- NULL: without end
  PRIMARY KEY (shard, account_id)
);

CREATE TABLE projects (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  archived_at timestamptz,
  PRIMARY KEY (shard, project_id)
);
CREATE INDEX ON projects (project_id);
CREATE INDEX ON projects (shard, account_id);

CREATE TABLE keys (
  shard integer NOT NULL,
  key_id uuid NOT NULL,
  project_id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  mode text NOT NULL, -- live or test
  scopes text[] NOT NULL,
  hint text NOT NULL, -- its first and last characters
  hash text NOT NULL, -- hex SHA-256 of the whole key
  issued_at timestamptz NOT NULL,
  expires_at timestamptz, -- when it stops working by itself
  revoked_at timestamptz,
  rotated_at timestamptz,
  retires_at timestamptz, -- when it stops working because another took its place
  successor_id uuid, -- that other key
  PRIMARY KEY (shard, key_id)
);
-- A key is looked up before its shard is known.
CREATE INDEX ON keys (hash);
CREATE INDEX ON keys (shard, project_id);

CREATE TABLE links (
  shard integer NOT NULL,
  link_id uuid NOT NULL,
  project_id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL, -- for those who see to it; whoever has the link is not told
  mode text NOT NULL, -- live or test
  filters jsonb NOT NULL, -- as the event has them
  hint text NOT NULL, -- its token's first and last characters
  hash text NOT NULL, -- hex SHA-256 of the whole token
  shared_by uuid, -- who made it; NULL: nobody who is known
  shared_at timestamptz NOT NULL,
  expires_at timestamptz, -- when it stops working by itself
  revoked_at timestamptz,
  PRIMARY KEY (shard, link_id)
);
-- A link is looked up before its shard is known.
CREATE INDEX ON links (hash);
CREATE INDEX ON links (shard, project_id);

CREATE TABLE members (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (shard, account_id, user_id)
);
CREATE INDEX ON members (user_id);

CREATE TABLE invitations (
  shard integer NOT NULL,
  invitation_id uuid NOT NULL,
  account_id uuid NOT NULL,
  email_digest text NOT NULL, -- hex HMAC-SHA256 of the address
  email_sealed text NOT NULL, -- under the invitation's own key
  role text NOT NULL,
  invited_by uuid NOT NULL,
  invited_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text, -- accepted or revoked; NULL while open, and when it merely expired
  PRIMARY KEY (shard, invitation_id)
);
CREATE INDEX ON invitations (shard, account_id);
CREATE INDEX ON invitations (email_digest);
