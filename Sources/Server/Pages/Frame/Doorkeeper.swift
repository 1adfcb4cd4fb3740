import Application
import Domain
import Hummingbird
import Logging

/// Finds out who looks at a page. Pages never take what the API takes, and the API never reads the cookie.
struct Doorkeeper: Sendable {
  let people: People
  let entrance: Entrance
  let isSecure: Bool

  func cookieNames() async throws -> CookieNames {
    CookieNames(secret: try await people.secrets.key(.jwtKey), isSecure: isSecure)
  }

  /// The call with who makes it, and cookies to be set. Throws ``AuthenticationError`` to whoever has to log in first.
  func admit(
    _ call: PageCall, _ audience: PageRoutes.Audience
  ) async throws -> (call: PageCall, cookies: [Cookie]) {
    do {
      let shown = call.cookies.value(call.cookies.session, in: call.request)
      let (token, end) = try await entrance.authenticator.visitor(showing: shown)
      let profile = try await people.profile(try await people.user(token.principal.userID), of: token.principal.userID)
      let visitor = Visitor(principal: token.principal, token: token, profile: profile)
      let known = PageCall(request: call.request, context: call.context, visitor: visitor, cookies: call.cookies)
      return (known, await prolonged(token, end, known))
    } catch let error as AuthenticationError {
      guard audience == .everybody else { throw error }
      return (call, [])
    }
  }

  /// The session's cookie anew, where it was time to prolong it. Nobody is turned away because that failed.
  private func prolonged(_ token: SessionToken, _ end: Instant, _ call: PageCall) async -> [Cookie] {
    let prolong = Prolong(people: people)
    guard prolong.isDue(end: end) else { return [] }
    do {
      try await prolong(token, from: entrance.clients.client(of: call.request, context: call.context))
    } catch {
      call.context.logger.error("a session could not be prolonged", metadata: ["error": "\(error)"])
      return []
    }
    return [call.cookies.session(token)]
  }
}

extension CookieNames {
  /// The cookie that keeps somebody logged in.
  func session(_ token: SessionToken) -> Cookie {
    cookie(session, token.text, seconds: Int(SessionToken.lifetime.wholeSeconds))
  }
}
