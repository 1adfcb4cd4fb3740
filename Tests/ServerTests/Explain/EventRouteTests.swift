import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Postgres
import TestDatabase
import Testing

/// A request by its position: what it is, whether it counts, and that it can be checked without us.
@Suite struct EventRouteTests {
  /// Three requests in a call of many, and one of its own with an id.
  private func fill(_ service: Service, _ tenant: Service.Tenant) async throws {
    let many = (0..<3).map { EventText(service.clock, after: -60 - Double($0)).with("consumer", "\"c\($0)\"") }
    _ = try await service.track(many.call(batch: UUID()), key: tenant.key)
    let own = EventText(service.clock, after: -3_600).with(id: UUID()).with("response_time_ms", nil)
    _ = try await service.track(own.text, key: tenant.key)
  }

  private func positions(_ service: Service, _ tenant: Service.Tenant) async throws -> [JSON] {
    try await service.catchUp(only: ["requests"])
    return try await service.get("\(tenant.path)/requests", key: tenant.key)["requests"].elements
  }

  private func export(_ service: Service) async throws -> String {
    var lines: [UInt8] = []
    let export = try Export(pool: service.test.log.pool, format: .batches)
    var place = try await export.start()
    while let (piece, next) = try await export.piece(at: place) {
      lines += piece
      place = next
    }
    return String(decoding: lines, as: UTF8.self)
  }

  @Test func eachRequestIsShownAsTheListShowsItAndIsVerifiedOffline() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await fill(service, tenant)
      try await CheckpointsJob(log: service.test.log, keys: service.signing).run(now: service.clock.now)
      let listed = try await positions(service, tenant)
      #expect(listed.count == 4)
      let (log, key) = (try await export(service), "\(service.signing.verifier)")
      for request in listed {
        let answer = try await service.get("\(tenant.path)/events/\(request["position"].integer)", key: tenant.key)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer["request"] == request)
        #expect(answer["is_counted"] == .bool(true) && answer["void"] == .null)
        #expect(answer["inclusion"]["chain_hash"] == answer["batch"]["hash"])
        #expect(answer["batch"]["key_id"] == request["key_id"])
        #expect(answer["as_of"]["position"] == answer["as_of"]["log_position"])
        for (exported, said) in [(nil, "It is proven"), (log, "is just what the log holds there")] {
          let result = try await VerifierProgram.run(event: answer.text, export: exported, key: key)
          #expect(result.status == 0 && result.output.contains(said), "\(result.output)")
          #expect(!result.output.contains("WARNING"), "\(result.output)")
        }
        let forged = answer.text.replacing(#""status_code":200"#, with: #""status_code":500"#)
        let found = try await VerifierProgram.run(event: forged, export: log, key: key)
        #expect(found.status == 1 && found.output.contains("status_code 500"), "\(found.output)")
        let other = answer.text.replacing(#""leaf_hash":""#, with: #""leaf_hash":"A"#).replacing("=\"", with: "\"")
        #expect(try await VerifierProgram.run(event: other, export: nil, key: key).status != 0)
      }
    }
  }

  @Test func whatIsVoidedSaysByWhichVoidAndWhatNoCheckpointCoversSaysSo() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      try await fill(service, tenant)
      let listed = try await positions(service, tenant)
      let span = (service.clock.time(-61.5), service.clock.time(0))
      let made = try await service.send(
        .post, "\(tenant.path)/voids", as: owner,
        #"{"from": "\#(span.0)", "to": "\#(span.1)", "reason": "a load test"}"#)
      #expect(made["events"] == 2)
      let answers = try await listed.asyncMap {
        try await service.send(.get, "\(tenant.path)/events/\($0["position"].integer)", as: owner)
      }
      #expect(answers.map { $0["is_counted"] } == [false, false, true, true].map { .bool($0) })
      for answer in answers.prefix(2) {
        #expect(answer["void"]["void_id"] == made["void_id"] && answer["void"]["reason"] == "a load test")
        #expect(answer["void"]["position"] == answer["as_of"]["position"])
        #expect(answer["void"]["recorded_at"].string != nil)
      }
      for answer in answers {
        #expect(answer["inclusion"] == .null && answer["leaf_hash"].string?.isEmpty == false)
        let (key, log) = ("\(service.signing.verifier)", try await export(service))
        #expect(try await VerifierProgram.run(event: answer.text, export: nil, key: key).status == 2)
        let result = try await VerifierProgram.run(event: answer.text, export: log, key: key)
        #expect(result.status == 0 && result.output.contains("just what the log holds"), "\(result.output)")
      }
    }
  }

  @Test func whatIsNoRequestOfTheProjectIsTheSame404() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      var other = try await service.open()
      let shards = service.test.log.shards
      while shards.shard(of: other.accountID) != shards.shard(of: tenant.accountID) { other = try await service.open() }
      let test = try await service.issue(for: tenant, mode: .test)
      try await fill(service, tenant)
      let own = try await positions(service, tenant)[0]["position"].integer
      _ = try await service.track(EventText(service.clock).text, key: other.key)
      _ = try await service.track(EventText(service.clock).text, key: test.key)
      let end = try await service.number(
        "SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(shards.shard(of: tenant.accountID)))")
      let (strangers, rehearsal) = (end - 1, end)
      for path in ["0", "-1", "x", "1", "+\(own)", "0\(own)", "\(strangers)", "\(end + 1)", "99999999999999999999"] {
        let answer = try await service.send(.get, "\(tenant.path)/events/\(path)", as: owner)
        answer.expectProblem("not-found", status: 404, "\(path)")
        #expect(answer["detail"].string?.contains("no request of this project") == true)
      }
      let byKey = try await service.get("\(tenant.path)/events/\(rehearsal)", key: tenant.key)
      byKey.expectProblem("not-found", status: 404)
      #expect(try await service.get("\(tenant.path)/events/\(rehearsal)", key: test.key)["mode"] == "test")
      #expect(try await service.send(.get, "\(tenant.path)/events/\(rehearsal)", as: owner)["mode"] == "test")
      try await service.get("\(tenant.path)/events/\(own)", key: test.key).expectProblem("not-found", status: 404)
      try await service.get("\(tenant.path)/events/\(own)", key: other.key)
        .expectProblem("project-not-found", status: 404)
    }
  }
}

extension Array {
  fileprivate func asyncMap<Other>(_ transform: (Element) async throws -> Other) async rethrows -> [Other] {
    var others: [Other] = []
    for element in self { others.append(try await transform(element)) }
    return others
  }
}
