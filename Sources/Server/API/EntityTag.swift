import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// Tells whether an answer is still what it was (RFC 9110, section 8.8.3).
struct EntityTag: Sendable {
  private let opaque: String
  /// The same in meaning, not byte by byte.
  private let isWeak: Bool

  /// Of what decides an answer.
  init(of bytes: [UInt8], isWeak: Bool) {
    opaque = "\"\(Hex.text(SHA256.hash(data: bytes).prefix(16)))\""
    self.isWeak = isWeak
  }

  /// Tells programs apart: another one may answer otherwise what has not changed.
  static let program: [UInt8] = {
    let path = "/proc/self/exe"
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? path)
    let (size, date) = (attributes?[.size] as? Int, attributes?[.modificationDate] as? Date)
    return Array("\(size ?? 0) \(date?.timeIntervalSince1970 ?? 0)".utf8)
  }()

  /// As the header says it.
  var text: String { isWeak ? "W/\(opaque)" : opaque }

  /// Whether whoever asks has the answer already. Compared weakly, as If-None-Match is (section 13.1.2).
  func isKnown(to request: Request) -> Bool {
    (request.headers[.ifNoneMatch] ?? "").split(separator: ",").contains { part in
      let candidate = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return candidate.elementsEqual("*") || candidate.elementsEqual(opaque) || candidate.elementsEqual("W/" + opaque)
    }
  }
}
