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
  var place = Place()
  /// Whether all of it was answered.
  var isComplete = false
  /// Whether events are sent with all that their lines say. Nil where an older release began the import: see
  /// ``RecountClient/TrackEvent/asOlderReleasesSentIt``.
  var sendsAll: Bool? = true

  /// As the file has them.
  private enum CodingKeys: String, CodingKey {
    case importID, rebaseMilliseconds, batchSize, isComplete, sendsAll
    case place = "position"
  }

  /// Which batch: which copy of the file, and which batch of it, both from 0.
  struct Place: Codable, Hashable, Comparable {
    var pass = 0
    var batch = 0

    static func < (a: Place, b: Place) -> Bool { (a.pass, a.batch) < (b.pass, b.batch) }
  }
}

/// Which import it is: the same content, read the same way, for the same key. The server's address is no part of it, a
/// server that moved knows the key still; nor is the path of the file. The key itself is not kept, only its hash.
struct ImportIdentity {
  let name: String

  init(contentHash: String, options: ImportOptions) {
    // No time at all is named as 0 is, which older releases sent for it: so their imports are found, and nothing is counted twice.
    let parts = [
      contentHash, options.format.rawValue, "\(options.defaultResponseTime ?? .zero)", options.rebase.name,
      SHA256.hash(data: Data(options.client.key.utf8)).hex,
    ]
    name = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).hex
  }
}

extension TrackEvent {
  /// What older releases read of a line: five members, with a time of 0 where there was none. An import that one of them began goes on with
  /// these, for the same ids must bring the same bodies; and ids that derive from what a stream holds derive from these alone, so that
  /// they stay what they were.
  var asOlderReleasesSentIt: TrackEvent {
    TrackEvent(
      endpoint: endpoint, method: method, statusCode: statusCode, responseTime: responseTime ?? .zero,
      timestamp: timestamp)
  }
}
