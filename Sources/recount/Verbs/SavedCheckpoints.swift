import ArgumentParser
import EventLog
import Foundation
import Postgres

/// A file of checkpoints that `recount audit verify` holds the log against.
struct SavedCheckpoints {
  private let file: String
  private let key: VerifierKey?
  private let checkpoints: [Checkpoint]

  /// Throws what says why the file, the key or a signature won't do: then nothing can be proven with it.
  init(file: String, key: String?, shard: Int?) throws {
    self.file = file
    guard let text = try? String(contentsOf: URL(filePath: file), encoding: .utf8) else {
      throw ValidationError("--checkpoint: can't read the file \(file)")
    }
    do {
      let verifier = try key.map { try VerifierKey(parsing: $0) }
      self.key = verifier
      let notes = try CheckpointSet(parsing: text).notes
      for note in notes { try verifier?.verify(note) }
      checkpoints = try CheckpointSet(notes).checkpoints().filter { shard == nil || $0.shard == shard }
    } catch let error as NoteError {
      throw ValidationError("--checkpoint: \(file): \(error)")
    }
    guard !checkpoints.isEmpty else {
      throw ValidationError("--checkpoint: \(file) holds no checkpoint of shard \(shard.map(String.init) ?? "")")
    }
  }

  /// Beside those found already, whose shards are not to be trusted whatever was signed for them.
  func faults(_ pool: Pool, archive: ArchiveReader, beside known: [VerifyFault]) async throws -> [VerifyFault] {
    let bad = Set(known.map(\.shard))
    return try await CheckpointCheck(pool: pool, archive: archive).run(checkpoints.filter { !bad.contains($0.shard) })
  }

  /// What is proven when there was no fault.
  var confirmation: [String] {
    let covered = checkpoints.sorted { ($0.shard, $0.treeSize) < ($1.shard, $1.treeSize) }.map {
      "  shard \($0.shard)  up to position \($0.position), batch \($0.treeSize), of \($0.timeText)"
    }
    let signed =
      key.map { "They are signed by \($0)." }
      ?? "Their signatures were NOT checked: say --key with the public key noted when they were saved."
    return ["Nothing that the checkpoints in \(file) cover was changed or has vanished:"] + covered + [signed]
  }
}
