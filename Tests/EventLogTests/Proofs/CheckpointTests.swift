import Domain
import EventLog
import Logging
import Postgres
import TestDatabase
import Testing

/// Signed checkpoints of a real log, and the proofs between them.
@Suite struct CheckpointTests {
  private static let noon: Instant = 1_764_072_000_000

  /// A log with an account, its shard and the keys that sign for it.
  private struct Signed {
    let test: TestLog
    let keys: SigningKeys
    let shard: Int
    let source: TelemetrySource

    init(_ test: TestLog) async throws {
      self.test = test
      keys = try SigningKeys(drawnFor: "localhost/recount")
      source = try await test.account()
      shard = test.shard(of: source)
    }

    var tree: MerkleTree { MerkleTree(pool: test.log.pool, shard: shard) }

    func append(_ batches: Int) async throws {
      for _ in 0..<batches { _ = try await test.log.append([AppendUnit(.sample(source, count: 2))], shard: shard) }
    }

    func sign(at now: Instant = noon) async throws -> Checkpoint {
      let notes = try await Checkpoints(pool: test.log.pool, keys: keys).make(of: [shard], now: now)
      return try Checkpoint(parsing: keys.verifier.verify(#require(notes.first)))
    }

    func faults(against checkpoints: Checkpoint...) async throws -> [VerifyFault] {
      try await CheckpointCheck(pool: test.log.pool).run(checkpoints)
    }
  }

  @Test func aCheckpointSaysWhatTheLogIs() async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(4)
      let checkpoint = try await signed.sign()
      #expect(checkpoint.origin == "localhost/recount/shard-\(signed.shard)")
      #expect(checkpoint.treeSize == 5)
      #expect(checkpoint.position == 10, "the account's two events, and four batches of two")
      #expect(checkpoint.timeText == "2025-11-25T12:00:00Z")
      let rows = try await test.owner.query(
        "SELECT hash FROM log.batches WHERE shard = \(signed.shard) ORDER BY last_position")
      let links = try rows.map { try $0.decode("hash", as: [UInt8].self) }
      #expect(checkpoint.root == NaiveMerkle.root(links[...]))
      #expect(checkpoint.chain.bytes == links.last)
    }
  }

  @Test func anEmptyShardHasACheckpointToo() async throws {
    try await TestLog.with { test in
      let keys = try SigningKeys(drawnFor: "localhost/recount")
      let notes = try await Checkpoints(pool: test.log.pool, keys: keys).make(of: test.log.shards.all, now: Self.noon)
      let checkpoints = try CheckpointSet(notes).checkpoints()
      #expect(checkpoints.map(\.shard) == Array(test.log.shards.all))
      #expect(checkpoints.allSatisfy { $0.treeSize == 0 && $0.root == .emptyTree && $0.position == 0 })
      #expect(try await CheckpointCheck(pool: test.log.pool).run(checkpoints).isEmpty)
    }
  }

  @Test func aShardThatDidNotMoveKeepsItsCheckpointUntilTheKeyIsAnother() async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      let first = try await signed.sign()
      #expect(try await signed.sign(at: Self.noon + .minutes(10)) == first)
      let other = try SigningKeys(drawnFor: "localhost/recount")
      let notes = try await Checkpoints(pool: test.log.pool, keys: other).make(
        of: [signed.shard], now: Self.noon + .seconds(1))
      #expect(try other.verifier.verify(#require(notes.first)) != first.text)
    }
  }

  @Test func theTreeGrownInPartsIsTheTreeOfTheWhole() async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      var checkpoints: [Checkpoint] = []
      for batches in [0, 1, 1, 3, 4, 7] {
        try await signed.append(batches)
        checkpoints.append(try await signed.sign())
      }
      #expect(try await TreeCheck(pool: test.log.pool).run().isEmpty)
      #expect(try await CheckpointCheck(pool: test.log.pool).run(checkpoints).isEmpty)
      let last = try #require(checkpoints.last)
      for checkpoint in checkpoints {
        let proof = try await signed.tree.consistency(from: checkpoint.treeSize, to: last.treeSize)
        #expect(
          MerkleVerifier.isConsistent(
            from: checkpoint.treeSize, checkpoint.root, to: last.treeSize, last.root, proof: proof))
      }
      for position in 1...last.position {
        let leaf = try #require(try await signed.tree.leaf(holding: position))
        #expect((leaf.firstPosition...leaf.lastPosition).contains(position))
        let proof = try await signed.tree.inclusion(of: leaf.index, in: last.treeSize)
        #expect(
          MerkleVerifier.isIncluded(
            .leaf(leaf.chain.bytes), at: leaf.index, in: last.root, size: last.treeSize, proof: proof))
      }
      #expect(try await signed.tree.leaf(holding: last.position + 1) == nil)
      await #expect(throws: MerkleTreeError.missingNodes(shard: signed.shard)) {
        try await signed.tree.root(size: last.treeSize + 1)
      }
    }
  }

  @Test func serversThatSignAtOncePublishOneCheckpoint() async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(9)
      let notes = try await withThrowingTaskGroup(of: Checkpoint.self) { group in
        for k in 0..<6 { group.addTask { try await signed.sign(at: Self.noon + .seconds(k)) } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(notes.count == 1)
      #expect(try await TreeCheck(pool: test.log.pool).run().isEmpty)
    }
  }

  /// Whatever is done to what a checkpoint covers, and however well it is covered up.
  @Test(arguments: [
    "the tail cut off, and the head with it", "a payload, and every hash after it",
    "a batch left out, and everything after it moved",
  ]) func aLogWrittenAnewIsNamedByASavedCheckpoint(what: String) async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(3)
      let early = try await signed.sign()
      try await signed.append(5)
      let saved = try await signed.sign()
      try await signed.append(2)
      #expect(try await signed.faults(against: saved, early).isEmpty)
      switch what.prefix(8) {
      case "the tail": try await LogForger(test, signed.shard).cutOff(after: saved.position - 2)
      case "a payload": try await LogForger(test, signed.shard).changePayload(at: early.position + 2)
      default: try await LogForger(test, signed.shard).leaveOut(at: early.position + 2)
      }
      try await test.expectTheLogHolds()
      let fault = try #require(try await signed.faults(against: saved, early).first, "\(what) must be found")
      #expect(fault.shard == signed.shard)
      if what.hasPrefix("the tail") {
        #expect(fault.firstPosition == saved.position - 1)
        #expect(fault.reason.contains("its end was cut off"), "\(fault.reason)")
      } else {
        #expect(fault.firstPosition == early.position + 1, "what the earlier checkpoint covers is as it was")
        #expect(fault.lastPosition == saved.position)
        #expect(fault.reason.contains("written anew"), "\(fault.reason)")
      }
      await #expect(throws: CheckpointError.self, "what was rewritten is not signed for") { try await signed.sign() }
    }
  }

  @Test(arguments: [
    ("a leaf", "UPDATE log.tree SET hash = sha256(hash) WHERE level = 0 AND index = 2", "leaf 2"),
    ("a node", "UPDATE log.tree SET hash = sha256(hash) WHERE level = 1 AND index = 1", "node 1 at level 1"),
    ("a missing node", "DELETE FROM log.tree WHERE level = 2 AND index = 0", "node 0 at level 2"),
    ("a root", "UPDATE log.checkpoints SET note = replace(note, E'\\n5\\n', E'\\n4\\n')", "is not of this log"),
  ]) func aChangeOfWhatProofsAreMadeFromIsNamed(what: String, statement: String, named: String) async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(4)
      _ = try await signed.sign()
      #expect(try await TreeCheck(pool: test.log.pool).run().isEmpty)
      try await test.owner.query(Query(statement))
      let fault = try #require(try await TreeCheck(pool: test.log.pool).run(shard: signed.shard).first, "\(what)")
      #expect(fault.reason.contains(named), "\(fault.reason)")
    }
  }

  @Test(arguments: [
    ("a batch that is gone", "DELETE FROM log.batches WHERE last_position = $1", "the log has none"),
    ("a leaf that is gone", "DELETE FROM log.tree WHERE level = 0 AND last_position = $1", "has no leaf for the batch"),
    (
      "another leaf", "UPDATE log.tree SET hash = sha256(hash) WHERE level = 0 AND last_position = $1",
      "is not the batch"
    ),
    ("a leaf elsewhere", "UPDATE log.tree SET index = 99 WHERE level = 0 AND last_position = $1", "stands where leaf"),
  ]) func aFaultOfTheTreeIsNamedWhereItIsAndNowhereElse(what: String, statement: String, named: String) async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(6)
      let checkpoint = try await signed.sign()
      let place = checkpoint.position - 2
      try await test.owner.query(
        Query(statement.replacing("$1", with: "\(place)") + " AND shard = \(signed.shard)"))
      let fault = try #require(try await TreeCheck(pool: test.log.pool).run().first, "\(what)")
      #expect([fault.firstPosition, fault.lastPosition] == [place - 1, place], "\(fault)")
      #expect(fault.reason.contains(named), "\(fault.reason)")
    }
  }

  @Test func aShardWhoseLogIsAtFaultIsNotAccusedOnceMoreByItsTree() async throws {
    try await TestLog.with { test in
      let signed = try await Signed(test)
      try await signed.append(6)
      let place = try await signed.sign().position - 2
      try await test.owner.query(
        Query("DELETE FROM log.batches WHERE last_position = \(place) AND shard = \(signed.shard)"))
      let faults = try await Verify(pool: test.log.pool).run().faults
      #expect(faults.map(\.firstPosition) == [place + 1])
      #expect(try await TreeCheck(pool: test.log.pool).run(beside: faults).isEmpty)
    }
  }

  @Test func onlyTheServerGrowsTheTreeAndNobodyWritesIt() async throws {
    try await TestLog.with { test in
      _ = try await Signed(test).sign()
      for statement in [
        "UPDATE log.tree SET hash = sha256(hash)", "DELETE FROM log.tree", "DELETE FROM log.checkpoints",
        "INSERT INTO log.tree VALUES (0, 0, 9, 9, sha256(''))", "UPDATE log.checkpoints SET note = ''",
      ] {
        let error = await #expect(throws: PostgresError.self) { try await test.log.pool.query(Query(statement)) }
        #expect(error?.sqlState == "42501", "\(statement)")
      }
      for role in ["recount_projector", "recount_auditor"] {
        var settings = test.database.settings
        settings.role = role
        let pool = Pool(settings, size: 1, logger: Logger(label: "test"))
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT log.grow_tree(0, 1)") }
        #expect(error?.sqlState == "42501")
        await pool.close()
      }
    }
  }
}
