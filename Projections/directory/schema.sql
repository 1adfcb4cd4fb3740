CREATE TABLE accounts (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  tier text NOT NULL,
  monthly_quota bigint NOT NULL, -- as last set; the quota a month was decided by stands in projection `usage`
  opened_at timestamptz NOT NULL,
  PRIMARY KEY (shard, account_id)
);

CREATE TABLE projects (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  account_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
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
  revoked_at timestamptz,
  PRIMARY KEY (shard, key_id)
);
-- A key is looked up before its shard is known.
CREATE INDEX ON keys (hash);
CREATE INDEX ON keys (shard, project_id);

CREATE TABLE members (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (shard, account_id, user_id)
);
CREATE INDEX ON members (user_id);

-- A person lives on the shard of their own id, not on that of an account: one person may belong to several.
CREATE TABLE users (
  shard integer NOT NULL,
  user_id uuid NOT NULL,
  email_digest text NOT NULL,
  email_sealed text NOT NULL,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (shard, user_id)
);
CREATE INDEX ON users (email_digest);
