import Application
import Crypto
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import TestDatabase
import Testing

@testable import Server

/// Every kind of visitor tries every page.
@Suite struct PageWalkTests {
  @Test func whatEachPageAsksForIsDecided() async throws {
    try await Service.with { service in
      let pages = try service.served().pages.map(\.description)
      #expect(Set(pages) == Set(PageRights.all.keys))
    }
  }

  @Test(.timeLimit(.whatHangs)) func everyPageServesThoseItShouldAndNobodyElse() async throws {
    try await Service.with { service in
      let stages = try stages(of: service)
      try await Cast.appear(stages.map(\.cast), in: service)
      for (page, entry, visitor, cast) in stages {
        let browser = try await visitor.browser(of: cast, in: service)
        let answer = try await send(page, entry, by: browser, cast)
        let expected = visitor.expected(at: entry.right, ofSomeone: page.isOfSomeone(entry))
        #expect(Taken(answer) == expected, "\(page) as \(visitor): \(answer.status)")
        #expect(answer.status < 500, "\(page) as \(visitor): \(answer.text.prefix(2_000))")
      }
    }
  }

  private typealias Stage = (page: ServedRoute, entry: PageRights.Entry, visitor: Visitor, cast: Cast)

  /// Who is served may spoil it for the next, so each has a cast of their own; those who only look share one.
  private func stages(of service: Service) throws -> [Stage] {
    let shared = try Cast()
    var stages: [Stage] = []
    // A stream does not end.
    for page in try service.served().pages where page.path != "/projects/{project_id}/live" {
      guard let entry = PageRights.all[page.description], entry.right != .everybody else { continue }
      for visitor in Visitor.all {
        stages.append((page, entry, visitor, page.method == .get ? shared : try Cast()))
      }
    }
    return stages
  }

  private func send(
    _ page: ServedRoute, _ entry: PageRights.Entry, by browser: Browser, _ cast: Cast
  ) async throws -> Answer {
    let uri = page.path.replacing(/\{\w+\}/) {
      ($0.output == "{project_id}" ? cast.projectID : UUID()).uuidString.lowercased()
    }
    guard page.method == .post else { return try await browser.get(uri) }
    return try await browser.post(
      uri,
      entry.fields.mapValues { $0.replacing("{account_id}", with: cast.accountID.uuidString.lowercased()) })
  }

  /// Somebody who looks at pages.
  enum Visitor: Sendable, CustomStringConvertible {
    case stranger, forger, endedSession, outsider, formerMember
    case member(Account.Role)

    static let all: [Visitor] =
      [.stranger, .forger, .endedSession, .outsider, .formerMember] + Account.Role.allCases.map { .member($0) }

    var description: String {
      switch self {
      case .stranger: "a stranger"
      case .forger: "somebody with a cookie signed by another key"
      case .endedSession: "somebody whose session has ended"
      case .outsider: "a member of another account"
      case .formerMember: "a former member"
      case .member(let role): role.rawValue
      }
    }

    func browser(of cast: Cast, in service: Service) async throws -> Browser {
      let browser = Browser(service)
      let claims: Forger.Claims? =
        switch self {
        case .stranger: nil
        case .forger, .endedSession: cast.members[.owner]
        case .outsider: cast.outsider
        case .formerMember: cast.formerMember
        case .member(let role): cast.members[role]
        }
      guard var claims else { return browser }
      if case .endedSession = self { claims.session = cast.endedSession }
      let secret = try await Secrets(vault: Vault(pool: service.test.log.pool)).key(.jwtKey)
      let key = if case .forger = self { SymmetricKey(size: .bits256) } else { secret }
      let principal = Principal(userID: claims.user, sessionID: claims.session)
      let name = CookieNames(secret: secret, isSecure: false).session
      await browser.show([name: SessionToken(of: principal, for: .cookie, key: key).text])
      return browser
    }

    func expected(at right: PageRights.Right, ofSomeone: Bool) -> Taken {
      switch (self, right) {
      case (.stranger, _), (.forger, _), (.endedSession, _): .ledToLogIn
      case (_, .everybody), (_, .person): .served
      case (.outsider, _), (.formerMember, _): ofSomeone ? .notFound : .served
      case (.member(let role), .member(let action)): Permissions.allows(role, action) ? .served : .forbidden
      }
    }
  }

  /// How somebody was taken.
  enum Taken: Equatable {
    case served, ledToLogIn, forbidden, notFound

    /// What is wrong with a form, or not there beside somebody's account and project, is said to whoever may send it.
    init(_ answer: Answer) {
      let location = answer.headers[.location]
      if answer.status == 303, location == "/log-in" || location?.hasPrefix("/log-in?next=") == true {
        self = .ledToLogIn
      } else if answer.status == 403, answer.text.contains("Your role does not allow this") {
        self = .forbidden
      } else if answer.status == 404, !answer.text.contains("You are in no account yet"),
        answer.text.contains("There is no such project") || answer.text.contains("There is no such account")
      {
        self = .notFound
      } else {
        self = .served
      }
    }
  }
}

extension ServedRoute {
  /// Whether the path or the form names an account or project.
  fileprivate func isOfSomeone(_ entry: PageRights.Entry) -> Bool {
    path.contains("{project_id}") || entry.fields.values.contains("{account_id}")
  }
}
