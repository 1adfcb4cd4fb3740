package import EventLog
package import Foundation

extension Questions {
  /// The latest signed checkpoint of an account's shard; nil before the first. Throws `NoteError` for one that can't be read.
  package func latestCheckpoint(of account: UUID) async throws -> Checkpoint? {
    guard let note = try await log.publishedCheckpoints.latest(of: shard(of: account)) else { return nil }
    return try Checkpoint(parsing: note.text)
  }
}
