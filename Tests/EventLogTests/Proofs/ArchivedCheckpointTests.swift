import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// Months that leave the database for files change nothing of what was signed.
@Suite(.timeLimit(.whatHangs)) struct ArchivedCheckpointTests {
  @Test func aCheckpointAndItsProofsHoldWhereverTheBatchesLie() async throws {
    try await OldLog.with { old in
      let (pool, shards) = (old.test.log.pool, old.test.log.shards.all)
      let keys = try SigningKeys(drawnFor: "localhost/recount")
      let notes = try await Checkpoints(pool: pool, keys: keys).make(of: shards, now: 1_764_072_000_000)
      let saved = try CheckpointSet(notes).checkpoints()
      try await old.archive()

      let check = CheckpointCheck(pool: pool, archive: ArchiveReader(old.folder))
      #expect(try await check.run(saved).isEmpty)
      #expect(try await TreeCheck(pool: pool).run().isEmpty)
      for checkpoint in saved where checkpoint.treeSize > 0 {
        let proof = try await Proofs(pool: pool, shard: checkpoint.shard).inclusion(of: .holding(1))
        #expect(
          MerkleVerifier.isIncluded(
            .leaf(Hex.bytes(proof.chainHash) ?? []), at: 0, in: checkpoint.root, size: checkpoint.treeSize,
            proof: proof.hashes.compactMap { MerkleHash(base64: $0) }))
        var other = checkpoint
        other.root = .emptyTree
        #expect(try await check.run([other]).first?.reason.contains("written anew") == true)
      }
      let again = try await Checkpoints(pool: pool, keys: keys).make(of: shards, now: 1_764_072_600_000)
      #expect(again == notes, "archiving appends nothing")
    }
  }
}
