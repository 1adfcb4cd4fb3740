import EventLog
import Foundation
import HTTPTypes
public import Hummingbird

/// From a request to the person who makes it.
public struct Authenticator: Sendable {
  let tokens: AccessTokens
  let sessions: SessionDirectory
  let clock: any WallClock

  init(log: Log, secrets: Secrets, clock: any WallClock) {
    tokens = AccessTokens(secrets: secrets)
    sessions = SessionDirectory(log: log)
    self.clock = clock
  }

  /// The person behind a request. Throws the problem to be shown: no access token, one that is not ours or has expired, or one
  /// of a session that is over.
  public func principal(of request: Request) async throws -> Principal {
    guard let text = try request.bearerToken else {
      throw Problem(.missingToken, "log in, and send the access token in `Authorization: Bearer …`")
    }
    guard !text.hasPrefix("sk_") else {
      throw Problem(.invalidToken, "this is a project's API key: log in, and send the access token instead")
    }
    let now = clock.milliseconds
    guard let principal = try await tokens.read(text)?.principal(now: now) else {
      throw Problem(.invalidToken, "the access token was not issued here or has expired: refresh it, or log in again")
    }
    guard try await sessions.goesOn(principal, now: now) else {
      throw Problem(.sessionEnded, "this session is over: log in again")
    }
    return principal
  }

  /// Sessions of a person have ended here: access tokens of theirs are looked up anew, and those of these sessions refused at once.
  func forget(_ user: UUID, ended: [UUID]) { sessions.forget(user, ended: ended, now: clock.milliseconds) }
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
