-- The Merkle tree (RFC 6962) over each shard's batches: leaf i is the shard's i-th batch, its data the batch's 32-byte chain hash,
-- which commits to the batch and everything before it. It adds what the chain can't give: that one batch is part of the log, or
-- that one checkpoint goes on from another, shown in a few hashes instead of the whole log.
--
-- Kept are complete subtrees, which never change: the node at `level` over the leaves from index * 2^level on, 2^level of them.
-- About two rows a batch. Grown by log.grow_tree() when a checkpoint is made, never by an append. Everything here can be
-- computed from the batches (`recount audit verify` does), and nothing here needs a batch again once its leaf is in.
CREATE TABLE IF NOT EXISTS log.tree (
  shard integer NOT NULL,
  level smallint NOT NULL,
  index bigint NOT NULL,
  last_position bigint NOT NULL, -- where the last batch beneath it ends
  hash bytea NOT NULL CHECK (octet_length(hash) = 32), -- at level 0 the leaf's data, from which its hash is one step
  PRIMARY KEY (shard, level, index)
);

-- From a position to the batch that holds it, the way without the batch.
CREATE UNIQUE INDEX IF NOT EXISTS tree_leaf_by_position ON log.tree (shard, last_position) WHERE level = 0;

-- Every checkpoint that was signed and published. Someone with every right on this database can change these rows too: a
-- checkpoint binds the operator because others have saved it, and the key it is signed with is not in the database.
CREATE TABLE IF NOT EXISTS log.checkpoints (
  shard integer NOT NULL,
  tree_size bigint NOT NULL, -- batches it covers
  key_id text NOT NULL, -- of the first key that signed it: after a rotation a shard that did not move is signed anew
  position bigint NOT NULL, -- where the last batch covered ends
  hash bytea NOT NULL, -- of that batch: the chain up to there
  root bytea NOT NULL, -- of the tree
  signed_at timestamptz NOT NULL,
  note text NOT NULL, -- as published
  PRIMARY KEY (shard, tree_size, key_id)
);
