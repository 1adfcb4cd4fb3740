CREATE TABLE views (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  view_id uuid NOT NULL,
  name text NOT NULL,
  query text NOT NULL, -- of the address of the page of the project's numbers
  saved_by uuid, -- the person
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id, view_id)
);

CREATE TABLE annotations (
  shard integer NOT NULL,
  project_id uuid NOT NULL,
  annotation_id uuid NOT NULL,
  at timestamptz NOT NULL, -- when it happened, or began, as somebody says
  until timestamptz, -- when it was over; NULL: it was a moment
  text text NOT NULL,
  added_by uuid, -- the person
  added_at timestamptz NOT NULL,
  PRIMARY KEY (shard, project_id, annotation_id)
);

-- What the log knows that happened to all projects of an account at once.
CREATE TABLE account_marks (
  shard integer NOT NULL,
  account_id uuid NOT NULL,
  position bigint NOT NULL,
  at timestamptz NOT NULL, -- when the log recorded it
  kind text NOT NULL, -- the event's type: tier_changed, quota_threshold_reached or quota_exceeded
  tier text, -- from then on, where it changed
  quota bigint, -- of the month, live calls, where 80 % or 100 % of it were used
  PRIMARY KEY (shard, account_id, position)
);
