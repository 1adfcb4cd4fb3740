import Crypto
import Domain
import Foundation
import RecountClient

/// Ids of batches that a later run derives again (UUID version 8 by SHA-256, as RFC 9562, appendix B.2, sketches it).
///
/// The first 48 bits are those of the import's id, a version 7: so the ids of one import lie together in the server's index.
struct BatchID {
  let importID: UUID

  /// The id of the batch at a place.
  func id(at place: ImportMemory.Place) -> UUID {
    derive("\(place.pass)/\(place.batch)")
  }

  /// The id of a batch at a place in a stream that can be read only once, and of which nothing is remembered: the
  /// same events at the same place have the same id.
  func id(at place: ImportMemory.Place, of events: [TrackEvent]) -> UUID {
    // The id within the body must not depend on itself.
    let body = TrackBatch(events.map(\.asOlderReleasesSentIt), id: importID).body
    return derive("\(place.batch)/\(SHA256.hash(data: body).hex)")
  }

  /// The id of an import of such a stream.
  static func importID(of identity: ImportIdentity) -> UUID {
    .derived(from: hash("00000000-0000-8000-8000-000000000000", identity.name), version: 8)
  }

  private func derive(_ name: String) -> UUID {
    .derived(from: Self.hash(importID.uuidString, name).dropFirst(6), version: 8, timeOf: importID)
  }

  private static func hash(_ scope: String, _ name: String) -> SHA256.Digest {
    SHA256.hash(data: Data("\(scope)/\(name)".utf8))
  }
}
