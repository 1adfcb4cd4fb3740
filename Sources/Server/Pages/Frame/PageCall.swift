import Application
import Domain
import Foundation
import Hummingbird

/// A request for a page.
struct PageCall: Sendable {
  let request: Request
  let context: RecountContext
  /// Who looks; nil for a stranger.
  let visitor: Visitor?
  /// Names the instance's cookies.
  let cookies: CookieNames
  /// Whom the page is about, as far as its handler has found out.
  let subject = PageSubject()
  /// The accounts that whoever looks may act for, where they have been asked already.
  var memberships: [Membership]?

  /// Who looks. Throws the error that leads to the log-in.
  func person() throws -> Visitor {
    guard let visitor else { throw AuthenticationError.missingToken }
    return visitor
  }

  /// A query parameter; nil where it is not there, or empty, as an empty field of a form is.
  func parameter(_ name: String) -> String? {
    request.uri.queryParameters[name[...]].map { String($0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A form's fields.
  func form() async throws -> Form { try await Form(request) }

  /// The path with its query, as a link leads here.
  var here: String { request.uri.string }
}

/// Somebody who is logged in, as pages know them.
struct Visitor: Sendable {
  let principal: Principal
  let token: SessionToken
  let profile: Profile

  /// What they are called, by themselves or by their address.
  var name: String { profile.name ?? profile.email }

  /// The clocks that they go by.
  var calendar: LocalCalendar {
    LocalCalendar(profile.timeZone.flatMap(TimeZone.init(identifier:)) ?? .gmt)
  }
}
