import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import Server
import TestDatabase
import Testing

/// An account's month, signed, as its owner checks it with tools/verify_log.py and nothing of ours.
@Suite struct StatementTests {
  /// Requests of two days, half of them of another project, and a checkpoint before the last of them.
  private func fill(_ service: Service) async throws -> (tenant: Service.Tenant, owner: Service.Person) {
    let (tenant, owner) = try await service.openWithOwner()
    let job = CheckpointsJob(log: service.test.log, keys: service.signing)
    for count in [3, 4] {
      let events = (0..<count).map { EventText(service.clock, after: -60 - Double($0) * 43_200) }
      _ = try await service.track(events.call(), key: tenant.key)
      if count == 3 { try await job.run(now: service.clock.now) }
    }
    try await service.catchUp()
    return (tenant, owner)
  }

  private func statement(
    _ service: Service, _ tenant: Service.Tenant, _ owner: Service.Person
  ) async throws -> Answer {
    let answer = try await service.send(.get, "\(tenant.account)/statements/\(service.clock.month())", as: owner)
    #expect(answer.status == 200, "\(answer.text)")
    return answer
  }

  @Test func aStatementSaysWhatTheDashboardDoesAndIsVerifiedOffline() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await fill(service)
      let answer = try await statement(service, tenant, owner)
      #expect(answer["total"].integer == 7)
      #expect(
        answer["usage"].elements.map { $0["requests"].integer } == [1, 4, 2], "noon, and every twelve hours before")
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect(usage["used"] == answer["total"])
      #expect(answer["last_position"] == usage["as_of"]["position"])

      let export = try await service.send(.get, "\(tenant.account)/export", as: owner)
      let log = try await batches(service)
      let key = "\(service.signing.verifier)"
      for (exported, said) in [(export.text, "holds just these requests"), (log, "says what the log does")] {
        let result = try await VerifierProgram.run(statement: answer.text, export: exported, key: key)
        #expect(result.status == 0 && result.output.contains(said), "\(result.output)")
        #expect(!result.output.contains("WARNING"), "\(result.output)")
      }
      let missing = export.text.split(separator: "\n").filter { !$0.contains(#""status_code": 200"#) }
      let short = try await VerifierProgram.run(
        statement: answer.text, export: missing.joined(separator: "\n"), key: key)
      #expect(short.status == 1, "\(short.output)")
      let changed = answer.text.replacing(#""total":7"#, with: #""total":8"#)
      let forged = try await VerifierProgram.run(statement: changed, export: nil, key: key)
      #expect(forged.status == 1 && forged.output.contains("something else than what was signed"), "\(forged.output)")
    }
  }

  @Test(arguments: [false, true]) func whatWasVoidedIsInNoStatementAndStaysUsedUnlessItWasGivenBack(
    givesBack: Bool
  ) async throws {
    try await Service.with { service in
      let (tenant, owner) = try await fill(service)
      let noon = service.clock.now
      let stream = StreamID.project(
        tenant.projectID, of: tenant.accountID, shard: service.test.log.shards.shard(of: tenant.accountID))
      // All of the day before.
      _ = try await Voiding(log: service.test.log)(
        UUID(), .init(mode: .live, from: noon - .hours(36), to: noon - .hours(12)), reason: "a load test",
        givesBackQuota: givesBack, on: stream)
      // Added twice, as the log has it, and one project still.
      for verb in ["archive", "unarchive"] {
        #expect(try await service.send(.post, "\(tenant.path)/\(verb)", as: owner, "{}").status == 200)
      }
      try await service.catchUp()
      let answer = try await statement(service, tenant, owner)
      let export = try await service.send(.get, "\(tenant.account)/export", as: owner)
      let key = "\(service.signing.verifier)"
      #expect(answer["usage"].elements.map { $0["requests"].integer } == [1, 2])
      #expect([answer["total"], answer["voided"], answer["used"]] == (givesBack ? [3, 0, 3] : [3, 4, 7]))
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect([usage["calls"], usage["used"]] == [answer["total"], answer["used"]])
      for exported in [export.text, try await batches(service)] {
        let result = try await VerifierProgram.run(statement: answer.text, export: exported, key: key)
        #expect(result.status == 0, "\(result.output)")
      }
    }
  }

  @Test func anAccountThatUsedNothingHasAStatementToo() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await service.catchUp()
      let answer = try await statement(service, tenant, owner)
      #expect(answer["total"] == 0)
      #expect(answer["usage"] == [])
      let result = try await VerifierProgram.run(
        statement: answer.text, export: nil, key: "\(service.signing.verifier)")
      #expect(result.status == 0, "\(result.output)")
    }
  }

  @Test func aStatementWaitsForTheReadModel() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let path = "\(tenant.account)/statements/\(service.clock.month())"
      try await service.send(.get, path, as: owner).expectProblem("projection-stopped", status: 503)
    }
  }

  private func batches(_ service: Service) async throws -> String {
    var lines: [UInt8] = []
    let export = try Export(pool: service.test.log.pool, format: .batches)
    var place = try await export.start()
    while let (piece, next) = try await export.piece(at: place) {
      lines += piece
      place = next
    }
    return String(decoding: lines, as: UTF8.self)
  }
}
