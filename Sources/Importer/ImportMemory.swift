import Crypto
import Foundation
import RecountClient

/// What is remembered of an import, so that the same command sends the same ids and bodies again.
struct ImportMemory: Codable, Equatable {
  /// Random; the ids of the batches derive from it.
  var importID: UUID
  /// Added to every timestamp.
  var rebaseMilliseconds: Int64
  /// Fixed when the import began, for the ids depend on where batches end.
  var batchSize: Int
  /// The first batch that may not have been answered.
  var position = Position()
  /// Whether all of it was answered.
  var isComplete = false

  /// A batch's place: which copy of the file, and which batch of it, both from 0.
  struct Position: Codable, Hashable, Comparable {
    var pass = 0
    var batch = 0

    static func < (a: Position, b: Position) -> Bool { (a.pass, a.batch) < (b.pass, b.batch) }
  }
}

/// Which import it is: the same content, read the same way, for the same key. The server's address is no part of it, a
/// server that moved knows the key still; nor is the path of the file. The key itself is not kept, only its hash.
struct ImportIdentity {
  let name: String

  init(contentHash: String, options: ImportOptions) {
    let parts = [
      contentHash, options.format.rawValue, "\(options.defaultResponseTime)", options.rebase.name,
      SHA256.hash(data: Data(options.client.key.utf8)).hex,
    ]
    name = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).hex
  }
}
