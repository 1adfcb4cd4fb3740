import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import Server
import TestDatabase
import Testing

/// What a key opens, and what anything else is told.
@Suite struct KeyTests {
  /// A well-formed key that nobody was ever issued.
  private static func unknownKey() throws -> String {
    try APIKey(mode: .live, randomBytes: (0..<APIKey.randomByteCount).map { _ in UInt8.random(in: 0...255) }).secret
  }

  @Test func withoutAKeyNothingIsOpened() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let answers = [
        try await service.track(EventText(service.clock).text), try await service.get("/api/v1/usage"),
        try await service.get("\(tenant.path)/summary"),
      ]
      for answer in answers {
        answer.expectProblem("missing-key", status: 401)
        #expect(answer.header("WWW-Authenticate") == #"Bearer realm="recount""#)
      }
    }
  }

  @Test func aMistypedKeyIsFoundOutWithoutTheDatabase() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      // Were the directory asked, it would not answer.
      try await service.test.owner.query("DROP SCHEMA directory CASCADE")
      let last = tenant.key.hasSuffix("a") ? "b" : "a"
      let body = tenant.key.dropFirst("sk_live_".count)
      let mistyped = [
        "sk_live_\(body.dropLast())\(last)", "sk_live_\(body.dropLast())", "sk_live_\(body)a", "sk_live_",
        "SK_live_\(body)",
        "sk_test_\(body)", "sk_live_" + String(repeating: "é", count: 19), "password",
      ]
      for key in mistyped {
        let answer = try await service.track(EventText(service.clock).text, key: key)
        answer.expectProblem("malformed-key", status: 401, "\(key)")
        #expect(answer["detail"].string?.contains(key) == false, "a key is never repeated")
      }
      try await service.track(EventText(service.clock).text, headers: [.authorization: "Basic dXNlcjpwYXNz"])
        .expectProblem("malformed-key", status: 401)
      try await service.track(EventText(service.clock).text, key: Self.unknownKey())
        .expectProblem("projection-stopped", status: 503)
    }
  }

  @Test func aKeyNobodyWasIssuedIsUnknown() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let key = try Self.unknownKey()
      for _ in 0..<2 {
        try await service.track(EventText(service.clock).text, key: key).expectProblem("unknown-key", status: 401)
      }
      try await service.get("\(tenant.path)/summary", key: key).expectProblem("unknown-key", status: 401)
    }
  }

  /// As fast as anybody can make them up.
  @Test(.timeLimit(.whatHangs)) func madeUpKeysLeaveAConnectionToEverybodyElse() async throws {
    try await Service.withPools(.ahc(.http)) { service, _ in
      _ = try await service.open()
      try await service.catchUp()
      try await service.test.owner.transaction { connection in
        try await connection.query("LOCK TABLE directory.keys IN ACCESS EXCLUSIVE MODE")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<4 {
            let key = try Self.unknownKey()
            group.addTask { _ = try? await service.get("/api/v1/usage", key: key) }
          }
          try await service.eventually("one is looked up") { try await service.waiting() >= 1 }
          for _ in 0..<3 { #expect(try await service.get("/healthz").status == 200) }
          #expect(try await service.waiting() == 1)
          group.cancelAll()
        }
      }
    }
  }

  @Test func aRevokedKeyIsToldThatItIs() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let other = try await service.issue(for: tenant)
      let event = EventText(service.clock).text
      #expect(try await service.track(event, key: other.key).status == 202)
      try await ProjectKeys(log: service.test.log).revoke(other.id, of: tenant.projectID, account: tenant.accountID)
      try await service.catchUp()
      // A server trusts what it knows of a key for half a second, by the clock that this test holds.
      service.clock.advance(seconds: 0.5)
      try await service.track(event, key: other.key).expectProblem("revoked-key", status: 401)
      try await service.get("/api/v1/usage", key: other.key).expectProblem("revoked-key", status: 401)
      #expect(try await service.track(event, key: tenant.key).status == 202)
    }
  }

  @Test func aKeyOpensOnlyItsScopes() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      let (writes, reads) = (
        try await service.issue(for: tenant, scopes: [.track]).key,
        try await service.issue(for: tenant, scopes: [.read]).key
      )
      let event = EventText(service.clock).text
      #expect(try await service.track(event, key: writes).status == 202)
      try await service.track(event, key: reads).expectProblem("missing-scope", status: 403)
      for path in ["\(tenant.path)/summary", "\(tenant.path)/requests", "/api/v1/usage"] {
        #expect(try await service.get(path, key: reads).status == 200, "\(path)")
        try await service.get(path, key: writes).expectProblem("missing-scope", status: 403, "\(path)")
      }
    }
  }

  @Test func anothersProjectLooksLikeNone() async throws {
    try await Service.with { service in
      let (tenant, other) = (try await service.open(), try await service.open())
      try await service.catchUp()
      let missing = Service.Tenant(accountID: UUID(), projectID: UUID(), key: "")
      for route in ["summary", "timeseries", "endpoints", "requests"] {
        var documents: [JSON] = []
        for project in [other, missing] {
          let answer = try await service.get("\(project.path)/\(route)", key: tenant.key)
          answer.expectProblem("project-not-found", status: 404)
          documents.append(Self.without(project.projectID, answer.json))
        }
        #expect(documents.first == documents.last)
        #expect(try await service.get("\(other.path)/\(route)", key: other.key).status == 200)
      }
    }
  }

  /// A problem without what is the asker's own.
  private static func without(_ id: UUID, _ document: JSON) -> JSON {
    var members = document.members
    members["request_id"] = nil
    members["detail"] = members["detail"]?.string.map {
      .string($0.replacingOccurrences(of: id.uuidString.lowercased(), with: "ID"))
    }
    return .object(members)
  }
}
