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
    opaque = "\"\(Self.digest(bytes))\""
    self.isWeak = isWeak
  }

  /// Of what decides an answer until the clock comes to a time. That stands in the tag, so that whoever asks again tells it: nothing is kept here.
  init(of bytes: [UInt8], until end: Instant) {
    opaque = "\"\(Self.digest(bytes))-\(end.microseconds)\""
    isWeak = true
  }

  /// The one that whoever asks has, where it is of this and its time has not come. `*`, which stands for any answer, is none: whether there is one is not
  /// known yet.
  static func known(of bytes: [UInt8], at now: Instant, to request: Request) -> EntityTag? {
    let state = digest(bytes)
    return candidates(of: request).lazy.compactMap { candidate -> EntityTag? in
      let parts = candidate.dropFirst().dropLast().split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == state, let end = Int64(parts[1]) else { return nil }
      let tag = EntityTag(of: bytes, until: Instant(microseconds: end))
      return now.microseconds < end && tag.opaque == candidate ? tag : nil
    }.first
  }

  private static func digest(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: bytes).prefix(16)) }

  /// Tells programs apart: another one may answer otherwise what has not changed.
  static let program: [UInt8] = {
    // The link leads to the file that runs, also where another has taken its name.
    var file = stat()
    guard stat("/proc/self/exe", &file) == 0 else { return Array(UUID().uuidString.utf8) }
    return Array("\(file.st_ino) \(file.st_size) \(file.st_mtim.tv_sec) \(file.st_mtim.tv_nsec)".utf8)
  }()

  /// As the header says it.
  var text: String { isWeak ? "W/\(opaque)" : opaque }

  /// Whether whoever asks has the answer already. Compared weakly, as If-None-Match is (section 13.1.2).
  func isKnown(to request: Request) -> Bool {
    Self.candidates(of: request).contains { $0 == "*" || $0 == opaque }
  }

  /// What a request names, without the mark of weak ones.
  private static func candidates(of request: Request) -> [String] {
    (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map { part in
      let text = part.trimmingCharacters(in: .whitespaces)
      return text.hasPrefix("W/\"") ? String(text.dropFirst(2)) : text
    }
  }
}
