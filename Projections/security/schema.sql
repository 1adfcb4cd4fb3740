-- What happened that concerns security, once: what an account's people did to the account stands on the account's shard, what a
-- person did as themselves (logging in, say) on the person's. Which of it an account's log shows, the query decides.
CREATE TABLE entries (
  shard integer NOT NULL,
  position bigint NOT NULL,
  account_id uuid, -- of what concerns an account as a whole, else NULL
  user_id uuid, -- of what concerns one person, else NULL
  at timestamptz NOT NULL,
  kind text NOT NULL, -- the event's type
  actor_id uuid, -- who did it; NULL: the operator, or the schedule
  client_sealed text, -- address and user agent, sealed for the actor: erasing the actor erases them here too
  details jsonb NOT NULL, -- what else may be shown of the event
  PRIMARY KEY (shard, position),
  CHECK ((account_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX ON entries (shard, account_id, at, position) WHERE account_id IS NOT NULL;
CREATE INDEX ON entries (shard, user_id, at, position) WHERE user_id IS NOT NULL;

-- When somebody became, or ceased to be, a member of an account: the account is shown what they did in between, no more.
CREATE TABLE memberships (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  user_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz NOT NULL,
  is_member boolean NOT NULL, -- from here on
  PRIMARY KEY (shard, account_id, user_id, position)
);
