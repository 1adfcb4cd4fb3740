import Crypto
import RecountClient

/// What a first pass over a file finds out: the identity of its content and, where it is asked for, its latest event.
struct Survey: Equatable {
  var contentHash: String
  var byteCount: Int64
  var latest: Timestamp?

  /// Reads the whole file once. Lines are parsed only to find the latest event.
  static func take(_ path: String, latestBy format: (any LogFormat)?) async throws -> Survey {
    let chunks = try ChunkReader(.file(path))
    let digest = Digest()
    let lines = LineReader {
      let piece = try await chunks.next()
      digest.update(piece)
      return piece
    }
    var latest: Timestamp?
    if let format {
      var events = EventReader(lines, format: format) { _, _ in }
      while let next = try await events.next() { latest = max(latest ?? next.event.timestamp, next.event.timestamp) }
    } else {
      while case let piece = try await chunks.next(), !piece.isEmpty { digest.update(piece) }
    }
    return Survey(contentHash: digest.hex, byteCount: digest.byteCount, latest: latest)
  }
}

/// A running SHA-256 that a closure can share.
private final class Digest {
  private var hasher = SHA256()
  private(set) var byteCount: Int64 = 0

  func update(_ bytes: [UInt8]) {
    hasher.update(data: bytes)
    byteCount += Int64(bytes.count)
  }

  var hex: String { hasher.finalize().hex }
}
