import Domain
import EventLog
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What is promised of an erasure, all at once, with everything that a person leaves behind: mails asked for, invitations, sessions,
/// failed attempts, changes of name and address, what they did to accounts of others.
@Suite struct ErasureProofTests {
  private static let gone = "vanishing.person@example.com"
  private static let moved = "moved.vanishing@example.org"
  private static let name = "Zoë Vanishing"
  private static let agent = "VanishingBrowser/7.1"
  private static let traces = [gone, moved, name, agent, "vanishing"]

  @Test func logReplayAndOthersNumbersStayWholeAndNothingOfThePersonCanBeRead() async throws {
    try await Service.with(.live) { service in
      let other = try await service.loggedIn()
      let tenant = try await service.open()
      let person = try await Self.live(in: service, invitedBy: other)
      for status in [200, 404, 500] { _ = try await service.track(Self.event(status, service), key: tenant.key) }
      try await service.catchUp()
      let numbers = try await Self.numbers(tenant, service)
      let before = try await Remains(of: service.test)
      for trace in Self.traces { #expect(before.canBeRead(trace), "\(trace) was not there to be erased") }
      #expect(!before.isInPlaintext(Self.gone))

      try await Self.erase(person, in: service)
      try await service.catchUp()

      // 1: the chain holds.
      let verified = try await Verify(pool: service.test.log.pool).run()
      #expect(verified.faults.isEmpty)
      #expect(verified.events > 0)
      // 2: the log alone gives what is shown.
      #expect(try await Self.replay(service).isClean)
      // 3: nothing of the person is anywhere, nor can be unsealed; the read models have dropped what was theirs.
      let after = try await Remains(of: service.test)
      for trace in Self.traces {
        #expect(!after.isInPlaintext(trace), "\(trace) is in the clear")
        #expect(!after.canBeRead(trace), "\(trace) can be unsealed")
      }
      #expect(try await Self.rows(of: person.id, service) == 0)
      // 4: nobody else's numbers have moved.
      #expect(try await Self.numbers(tenant, service) == numbers)
      #expect(try await service.get("/api/v1/me", key: other.access)["email"].string == other.email.lowercased())
    }
  }

  /// A person who has left every kind of trace.
  private static func live(in service: Service, invitedBy other: Service.SignedUp) async throws -> Service.SignedUp {
    let account = try #require(
      try await service.get("/api/v1/accounts", key: other.access)["accounts"][0]["account_id"].string)
    _ = try await service.post(
      "/api/v1/accounts/\(account)/invitations", ["email": gone, "role": "admin"], key: other.access)
    let person = try await service.verified(gone)
    let body = ByteBuffer(string: #"{"email": "\#(gone)", "password": "\#(person.password)"}"#)
    let headers: HTTPFields = [.contentType: "application/json", .userAgent: agent]
    let loggedIn = service.with(
      try await service.send(.post, "/api/v1/auth/log-in", headers: headers, body: body), person)
    let wrong = ByteBuffer(string: #"{"email": "\#(gone)", "password": "not this one"}"#)
    _ = try await service.send(.post, "/api/v1/auth/log-in", headers: headers, body: wrong)
    _ = try await service.post("/api/v1/auth/request-reset", ["email": gone])
    let renamed = try await service.send(.patch, "/api/v1/me", ["name": name], key: loggedIn.access)
    #expect(renamed.status == 200)
    let asked = try await service.post(
      "/api/v1/me/email", ["email": moved, "password": person.password], key: loggedIn.access)
    #expect(asked.status == 202)
    let token = try #require(try await service.mailed(.changeEmail, to: person.id))
    #expect(try await service.post("/api/v1/me/email/confirm", ["token": token], key: loggedIn.access).status == 200)
    // Under the new address too, an invitation that nobody answers.
    let again = try await service.post(
      "/api/v1/accounts/\(account)/invitations", ["email": moved, "role": "member"], key: other.access)
    #expect(again.status == 201)
    return loggedIn
  }

  private static func erase(_ person: Service.SignedUp, in service: Service) async throws {
    let asked = try await service.send(.delete, "/api/v1/me", ["password": person.password], key: person.access)
    #expect(asked.status == 202)
    try await service.catchUp()
    service.clock.advance(seconds: 30 * 86_400)
    let people = try People(
      log: service.test.log, queries: Service.queries, settings: Service.people, clock: service.clock)
    try await ErasureJob(people: people)
      .run(now: service.clock.now)
    service.clock.advance(seconds: -30 * 86_400)
    #expect(try await service.events("user_erased", of: person.id) == 1)
  }

  private static func event(_ status: Int, _ service: Service) -> String {
    #"""
    {"endpoint": "/orders", "method": "GET", "status_code": \#(status), "response_time_ms": 2,
    "timestamp": "\#(service.clock.time())"}
    """#
  }

  private static func numbers(_ tenant: Service.Tenant, _ service: Service) async throws -> [JSON] {
    var answers: [JSON] = []
    for path in ["/summary", "/endpoints", "/intake", "/requests"].map({ tenant.path + $0 }) + ["/api/v1/usage"] {
      let answer = try await service.get(path, key: tenant.key)
      #expect(answer.status == 200)
      // How far along the log is moves on with every event.
      answers.append(.object(answer.json.members.filter { $0.key != "as_of" }))
    }
    return answers
  }

  /// Of what the person was and did as themselves; that an erasure took place stays.
  private static func rows(of id: UUID, _ service: Service) async throws -> Int {
    try await service.number(
      """
      SELECT (SELECT count(*) FROM people.users WHERE user_id = \(id))
        + (SELECT count(*) FROM people.sessions WHERE user_id = \(id))
        + (SELECT count(*) FROM directory.members WHERE user_id = \(id))
        + (SELECT count(*) FROM security.entries WHERE user_id = \(id) AND kind <> 'user_erased') AS n
      """)
  }

  private static func replay(_ service: Service) async throws -> ReplayReport {
    var settings = service.test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 4, logger: Service.silent)
    do {
      let report = try await ReplayCheck(pool: pool, projections: Service.projections, logger: Service.silent).run()
      await pool.close()
      return report
    } catch {
      await pool.close()
      throw error
    }
  }
}
