import Application
import Domain
import HTTPTypes
import Hummingbird

extension Readers {
  /// Who makes a request.
  func reader(of request: Request, now: Instant) async throws -> Reader {
    try await reader(bearing: try request.bearerKey, now: now)
  }
}

extension Request {
  /// The key in `Authorization: Bearer …`, if any. Throws when the header holds another scheme.
  var bearerKey: String? {
    get throws {
      guard let header = headers[.authorization] else { return nil }
      let scheme = "Bearer "
      // As nearly everyone writes it; RFC 9110 lets the scheme's case and the spaces after it vary.
      if header.hasPrefix(scheme + "sk_") { return String(header.dropFirst(scheme.utf8.count)) }
      let parts = header.split(separator: " ", omittingEmptySubsequences: true)
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw KeyRefusal.malformed("the Authorization header must read `Bearer sk_…`")
      }
      return String(parts[1])
    }
  }
}
