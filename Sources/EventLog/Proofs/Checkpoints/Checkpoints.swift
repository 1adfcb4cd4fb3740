package import Domain
package import Postgres

/// Makes signed checkpoints and gives out those made.
///
/// 1. The shard's tree is grown to the log's end (`SQL/objects/proofs/grow_tree.sql`), in a transaction that is durable before anything is signed.
///    The log must go on from where the tree ended, and the tree begin with what was signed last: a log that was rewritten is not
///    vouched for.
/// 2. The checkpoint is made from the tree.
/// 3. The note is signed outside the database and kept (`SQL/objects/proofs/keep_checkpoint.sql`).
package struct Checkpoints: Sendable {
  private let pool: Pool
  private let keys: SigningKeys
  /// Batches that one transaction takes into the tree: seconds of work, for a log that never had a checkpoint.
  private static let step: Int32 = 50_000

  /// Over connections of the serving role.
  package init(pool: Pool, keys: SigningKeys) {
    self.pool = pool
    self.keys = keys
  }

  /// Signs what these shards are now; for a shard that did not move, gives the checkpoint it has. Throws ``CheckpointError``.
  @discardableResult
  package func make(of shards: some Sequence<Int>, now: Instant) async throws -> [SignedNote] {
    var notes: [SignedNote] = []
    for shard in shards { notes.append(try await make(of: shard, now: now)) }
    return notes
  }

  private func make(of shard: Int, now: Instant) async throws -> SignedNote {
    let (size, position) = try await grow(shard)
    let tree = MerkleTree(pool: pool, shard: shard)
    if let last = try await last(of: shard) {
      if last.size == size, last.keyID == keys.verifier.hexID { return try SignedNote(parsing: last.note) }
      guard last.size <= size, try await tree.root(size: last.size) == last.root else {
        throw CheckpointError.inconsistent(shard: shard, size: last.size)
      }
    }
    let chain = try await tree.leaf(at: size - 1)?.chain ?? Self.beginning
    let checkpoint = Checkpoint(
      origin: Checkpoint.origin(keys.verifier.name, shard: shard), treeSize: size,
      root: try await tree.root(size: size),
      shard: shard, position: position, chain: chain, time: now.toSecond)
    return try await keep(checkpoint)
  }

  /// What the first batch's hash hangs on.
  private static var beginning: MerkleHash { MerkleHash(repeatElement(0, count: 32)) ?? .emptyTree }

  private func grow(_ shard: Int) async throws -> (size: Int64, position: Int64) {
    while true {
      guard let row = try await grown(shard).first else { throw MerkleTreeError.missingNodes(shard: shard) }
      if try row.decode("added", as: Int64.self) < Int64(Self.step) {
        return (try row.decode("tree_size"), try row.decode("last_position"))
      }
    }
  }

  private func grown(_ shard: Int) async throws -> Rows {
    do {
      return try await pool.transaction { connection in
        try await connection.query("SET LOCAL synchronous_commit = on")
        return try await connection.query(
          "SELECT tree_size, last_position, added FROM log.grow_tree(\(Int32(shard)), \(Self.step))",
          deadline: .seconds(600))
      }
    } catch let error as PostgresError where error.sqlState == "RC410" {
      throw CheckpointError.rewritten(shard: shard)
    }
  }

  private struct Last {
    let size: Int64
    let keyID: String
    let root: MerkleHash?
    let note: String
  }

  private func last(of shard: Int) async throws -> Last? {
    // Of several of one size, the one by the key in use.
    let rows = try await pool.query(
      """
      SELECT tree_size, key_id, root, note FROM log.checkpoints
      WHERE shard = \(Int32(shard)) ORDER BY tree_size DESC, key_id = \(keys.verifier.hexID) DESC LIMIT 1
      """)
    return try rows.first.map { row in
      Last(
        size: try row.decode("tree_size"), keyID: try row.decode("key_id"),
        root: MerkleHash(try row.decode("root", as: [UInt8].self)), note: try row.decode("note"))
    }
  }

  private func keep(_ checkpoint: Checkpoint) async throws -> SignedNote {
    let note = try keys.sign(checkpoint.text)
    let kept = try await pool.query(
      """
      SELECT log.keep_checkpoint(\(Int32(checkpoint.shard)), \(checkpoint.treeSize), \(keys.verifier.hexID),
        \(checkpoint.position), \(checkpoint.chain.bytes), \(checkpoint.root.bytes), \(checkpoint.time), \(note.description)) AS note
      """)
    guard let published = try kept.first?.decode("note", as: String.self) else { return note }
    return try SignedNote(parsing: published)
  }
}

/// Why no checkpoint is signed.
package enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// What was signed before is not a beginning of what the log is now.
  case inconsistent(shard: Int, size: Int64)
  /// The log does not go on from the batch that the last checkpoint ended with.
  case rewritten(shard: Int)

  /// Says what to do.
  package var description: String {
    switch self {
    case .inconsistent(let shard, let size):
      "shard \(shard) does not begin with the \(size) batches that its last checkpoint was signed for, so none is signed for it: "
        + "its history was changed or lost; `recount audit verify --checkpoint` with a saved checkpoint tells where"
    case .rewritten(let shard):
      "shard \(shard) does not go on from where its last checkpoint ended, so none is signed for it: its history was changed or "
        + "lost; `recount audit verify --checkpoint` with a saved checkpoint tells where"
    }
  }
}
