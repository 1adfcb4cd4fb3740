import Crypto
import Foundation
import RecountClient

/// Ids of batches that a later run derives again (UUID version 8 by SHA-256, as RFC 9562, appendix B.2, sketches it).
///
/// The first 48 bits are those of the import's id, a version 7: so the ids of one import lie together in the server's index.
struct BatchID {
  let importID: UUID

  /// The id of the batch at a place.
  func id(at position: ImportMemory.Position) -> UUID {
    derive("\(position.pass)/\(position.batch)".utf8)
  }

  /// The id of a batch at a place in a stream that can be read only once, and of which nothing is remembered: the
  /// same events at the same place have the same id.
  func id(at position: ImportMemory.Position, of events: [TrackEvent]) -> UUID {
    // The id within the body must not depend on itself.
    let body = TrackBatch(events, id: importID).body
    return derive("\(position.batch)/\(SHA256.hash(data: body).hex)".utf8)
  }

  /// The id of an import of such a stream.
  static func importID(of identity: ImportIdentity) -> UUID {
    BatchID(importID: UUID(high: 0, low: 0, version: 8)).derive(identity.name.utf8, prefix: nil)
  }

  private func derive(_ name: String.UTF8View) -> UUID { derive(name, prefix: importID) }

  private func derive(_ name: String.UTF8View, prefix: UUID?) -> UUID {
    let digest = Array(SHA256.hash(data: Data("\(importID.uuidString)/".utf8) + Data(name)))
    let (first, second) = (Self.word(digest[0..<8]), Self.word(digest[8..<16]))
    guard let prefix else { return UUID(high: first, low: second, version: 8) }
    let time = withUnsafeBytes(of: prefix.uuid) { Self.word($0.prefix(8)) } & ~0xffff
    return UUID(high: time | (first & 0xffff), low: second, version: 8)
  }

  private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
