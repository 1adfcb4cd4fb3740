import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application
@testable import Server

@Suite struct ErasureTests {
  private static func job(_ service: Service) throws -> ErasureJob {
    ErasureJob(
      people: try People(
        log: service.test.log, queries: Service.queries, settings: Service.people, clock: service.clock))
  }

  private static func askToBeErased(_ service: Service, _ person: Service.SignedUp) async throws -> Answer {
    try await service.send(.delete, "/api/v1/me", ["password": person.password], key: person.access)
  }

  @Test func aPersonIsErasedAfterTheGracePeriodAndNothingOfThemCanBeRead() async throws {
    try await Service.with { service in
      let (person, other) = (try await service.loggedIn("gone@example.com"), try await service.loggedIn())
      _ = try await service.send(.patch, "/api/v1/me", ["name": "Zoë"], key: person.access)
      try await service.send(.delete, "/api/v1/me", ["password": "wrong"], key: person.access)
        .expectProblem("wrong-password", status: 403)
      let asked = try await Self.askToBeErased(service, person)
      #expect(asked.status == 202 && asked["deletion_due_at"] == .string(service.clock.time(30 * 86_400)))
      try await service.catchUp()
      let job = try Self.job(service)
      service.clock.advance(seconds: 30 * 86_400 - 1)
      try await job.run(now: service.clock.now)
      #expect(try await service.events("user_erased") == 0)
      let late = try await service.logIn(person)
      service.clock.advance(seconds: 1)
      try await service.send(.post, "/api/v1/me/restore", key: late.access).expectProblem("being-erased", status: 409)
      try await job.run(now: service.clock.now)
      try await job.run(now: service.clock.now)
      #expect(try await service.events("user_erased", of: person.id) == 1)
      #expect(try await service.events("account_closed") == 1)
      try await service.catchUp()
      service.clock.advance(seconds: 0.5)
      try await service.get("/api/v1/me", key: late.access).expectProblem("session-ended", status: 401)
      try await service.refresh(late.refresh).expectProblem("session-ended", status: 401)
      try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": person.password])
        .expectProblem("wrong-credentials", status: 401)
      let rows = try await service.number(
        """
        SELECT (SELECT count(*) FROM people.users WHERE user_id = \(person.id))
          + (SELECT count(*) FROM people.sessions WHERE user_id = \(person.id))
          + (SELECT count(*) FROM vault.keys WHERE subject = \(person.id) AND key IS NOT NULL) AS n
        """)
      #expect(rows == 0)
      #expect(try await service.number("SELECT count(*) AS n FROM people.users WHERE user_id = \(other.id)") == 1)
      let again = try await service.signUp("gone@example.com")
      #expect(again.id != person.id, "the address is free")
    }
  }

  @Test func whoThinksBetterOfItStays() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      #expect(try await Self.askToBeErased(service, person).status == 202)
      let restored = try await service.send(.post, "/api/v1/me/restore", key: person.access)
      #expect(restored.status == 200 && restored["deletion_due_at"] == .null)
      service.clock.advance(seconds: 31 * 86_400)
      try await service.catchUp()
      try await Self.job(service).run(now: service.clock.now)
      _ = try await service.logIn(person)
      #expect(try await service.events("user_erased") == 0)
    }
  }

  /// A crash after the key was destroyed, before it was said that all is done.
  @Test func anErasureThatBrokeOffIsFinished() async throws {
    try await Service.with { service in
      let person = try await service.loggedIn()
      #expect(try await Self.askToBeErased(service, person).status == 202)
      try await Vault(pool: service.test.log.pool).erase(person.id)
      // As at an address that nobody has.
      try await service.post("/api/v1/auth/log-in", ["email": person.email, "password": person.password])
        .expectProblem("wrong-credentials", status: 401)
      service.clock.advance(seconds: 30 * 86_400)
      try await service.catchUp()
      try await Self.job(service).run(now: service.clock.now)
      #expect(try await service.events("user_erased", of: person.id) == 1)
      #expect(try await service.owner(of: person.email) == nil)
    }
  }

  @Test func nobodyDrawsAnErasedPersonAnotherKey() async throws {
    try await Service.with { service in
      let vault = Vault(pool: service.test.log.pool)
      let subject = UUID()
      let sealed = try await vault.seal("me@example.com", for: subject)
      #expect(try await vault.open(sealed, of: subject) == "me@example.com")
      try await vault.erase(subject)
      #expect(try await vault.open(sealed, of: subject) == nil)
      await #expect(throws: VaultError.erased) { try await vault.seal("me@example.com", for: subject) }
    }
  }

  @Test func readModelsOfErasedPeopleReplay() async throws {
    try await Service.with { service in
      let (gone, _) = (try await service.loggedIn(), try await service.loggedIn())
      _ = try await Self.askToBeErased(service, gone)
      try await service.catchUp()
      service.clock.advance(seconds: 30 * 86_400)
      try await Self.job(service).run(now: service.clock.now)
      try await service.catchUp()
      var settings = service.test.database.settings
      settings.role = "recount_projector"
      let pool = Pool(settings, size: 4, logger: Service.silent)
      let report = try await ReplayCheck(pool: pool, projections: Service.projections, logger: Service.silent).run()
      #expect(report.isClean)
      await pool.close()
    }
  }
}
