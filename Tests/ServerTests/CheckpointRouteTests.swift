import Application
import EventLog
import Foundation
import Postgres
import Server
import TestDatabase
import Testing

/// What the public can have: checkpoints, the key, and proofs that anyone can check with these alone.
@Suite struct CheckpointRouteTests {
  private static let path = "/.well-known/recount/checkpoints"

  /// A tenant, some batches, and a checkpoint after each stretch of them.
  private func publish(_ service: Service, stretches: Int = 3) async throws -> (shard: Int, position: Int) {
    let tenant = try await service.open()
    let job = CheckpointsJob(log: service.test.log, keys: service.signing)
    for _ in 0..<stretches {
      for _ in 0..<3 { _ = try await service.track(EventText(service.clock).text, key: tenant.key) }
      try await job.run(now: service.clock.now)
      service.clock.advance(seconds: job.interval / .seconds(1))
    }
    let shard = service.test.log.shards.shard(of: tenant.accountID)
    let head = try await service.number("SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(shard))")
    return (shard, head)
  }

  @Test func whoHasTheKeyVerifiesTheLatestCheckpointOfEachShard() async throws {
    try await Service.with { service in
      let none = try await service.get(Self.path)
      none.expectProblem("not-found", status: 404)
      let (shard, position) = try await publish(service)
      let key = try VerifierKey(parsing: try await service.get("/.well-known/recount/key").text.dropLast())
      let answer = try await service.get(Self.path)
      #expect(answer.header("Content-Type") == "text/plain; charset=utf-8")
      let set = try CheckpointSet(parsing: answer.text)
      let checkpoints = try set.notes.map { try Checkpoint(parsing: key.verify($0)) }
      #expect(checkpoints.map(\.shard) == Array(service.test.log.shards.all))
      #expect(checkpoints[shard].position == position)
      #expect(try await CheckpointCheck(pool: service.test.log.pool).run(checkpoints).isEmpty)
    }
  }

  @Test func aShardsHistoryIsPagedBackwards() async throws {
    try await Service.with { service in
      let (shard, _) = try await publish(service, stretches: 5)
      var sizes: [Int] = []
      var next: String? = ""
      while let cursor = next {
        let page = try await service.get("\(Self.path)?format=json&shard=\(shard)&limit=2&cursor=\(cursor)")
        #expect(page["checkpoints"].elements.count <= 2)
        for checkpoint in page["checkpoints"].elements {
          sizes.append(checkpoint["tree_size"].integer)
          let note = try SignedNote(parsing: checkpoint["note"].string ?? "")
          #expect(try service.signing.verifier.verify(note).hasPrefix("\(checkpoint["origin"].string ?? "?")\n"))
        }
        next = page["next_cursor"].string
      }
      #expect(sizes.count == 5)
      #expect(sizes == sizes.sorted(by: >))
      let latest = try await service.get("\(Self.path)?format=json")
      #expect(latest["checkpoints"].elements.count == TestLog.shards)
    }
  }

  @Test func anInclusionProofLeadsFromTheBatchToTheSignedRoot() async throws {
    try await Service.with { service in
      let (shard, position) = try await publish(service)
      for query in ["position=\(position)", "position=1", "batch=0", "batch=1&size=2"] {
        let proof = try await service.get("\(Self.path)/\(shard)/inclusion?\(query)")
        let note = try SignedNote(parsing: proof["checkpoint"].string ?? "")
        let checkpoint = try Checkpoint(parsing: service.signing.verifier.verify(note))
        let row = try await service.test.owner.query(
          """
          SELECT hash FROM log.batches
          WHERE shard = \(Int32(shard)) AND last_position = \(Int64(proof["last_position"].integer))
          """)
        let chain = try #require(try row.first?.decode("hash", as: [UInt8].self))
        #expect(proof["chain_hash"].string == chain.map { String(format: "%02x", $0) }.joined())
        #expect(proof["root_hash"].string == checkpoint.root.base64)
        #expect(
          MerkleVerifier.isIncluded(
            .leaf(chain), at: Int64(proof["batch"].integer), in: checkpoint.root, size: checkpoint.treeSize,
            proof: proof["hashes"].elements.compactMap { MerkleHash(base64: $0.string ?? "") }), "\(query)")
      }
    }
  }

  @Test func aConsistencyProofLeadsFromOneCheckpointToTheNext() async throws {
    try await Service.with { service in
      let (shard, _) = try await publish(service, stretches: 4)
      let history = try await service.get("\(Self.path)?format=json&shard=\(shard)")["checkpoints"].elements
      let latest = try #require(history.first)
      for earlier in history {
        let proof = try await service.get(
          "\(Self.path)/\(shard)/consistency?from=\(earlier["tree_size"].integer)&to=\(latest["tree_size"].integer)")
        let roots = [earlier, latest].compactMap { MerkleHash(base64: $0["root_hash"].string ?? "") }
        #expect(
          MerkleVerifier.isConsistent(
            from: Int64(earlier["tree_size"].integer), roots[0], to: Int64(latest["tree_size"].integer), roots[1],
            proof: proof["hashes"].elements.compactMap { MerkleHash(base64: $0.string ?? "") }))
      }
    }
  }

  @Test func whatCannotBeProvenIsSaidSo() async throws {
    try await Service.with { service in
      let (shard, position) = try await publish(service)
      let inclusion = "\(Self.path)/\(shard)/inclusion", consistency = "\(Self.path)/\(shard)/consistency"
      for query in [
        "\(inclusion)", "\(inclusion)?position=1&batch=0", "\(inclusion)?position=0",
        "\(inclusion)?position=\(position + 1)",
        "\(inclusion)?position=-1", "\(inclusion)?position=x", "\(inclusion)?batch=9999",
        "\(inclusion)?batch=0&size=9999",
        "\(inclusion)?batch=2&size=1000", "\(consistency)", "\(consistency)?from=0", "\(consistency)?from=3&to=2",
        "\(consistency)?from=1&to=9999", "\(Self.path)?format=xml", "\(Self.path)?format=json&shard=0&cursor=x",
        "\(Self.path)?format=json&limit=0",
      ] {
        try await service.get(query).expectProblem("invalid-parameter", status: 400, "\(query)")
      }
      for path in [
        "\(Self.path)/9/inclusion?batch=0", "\(Self.path)/x/inclusion?batch=0", "\(Self.path)?format=json&shard=9",
      ] {
        try await service.get(path).expectProblem("not-found", status: 404, "\(path)")
      }
    }
  }
}
