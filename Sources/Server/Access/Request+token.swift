import Application
import HTTPTypes
import Hummingbird

extension Authenticator {
  /// The person behind a request.
  func principal(of request: Request) async throws -> Principal {
    try await principal(bearing: try request.bearerToken)
  }
}

extension Request {
  /// What follows `Bearer` in the Authorization header, if there is one. Throws when the header holds another scheme.
  var bearerToken: String? {
    get throws {
      guard let header = headers[.authorization] else { return nil }
      let parts = header.split(separator: " ", omittingEmptySubsequences: true)
      guard parts.count == 2, parts[0].lowercased() == "bearer" else {
        throw Problem(.invalidToken, "the Authorization header must read `Bearer` and an access token")
      }
      return String(parts[1])
    }
  }
}
