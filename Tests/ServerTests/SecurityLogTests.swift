import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import TestDatabase
import Testing

@Suite struct SecurityLogTests {
  /// An account with its people, and the owner's token.
  private func with(_ body: @Sendable (Service, Cast, String) async throws -> Void) async throws {
    try await Service.with { service in
      let cast = try Cast()
      try await Cast.appear([cast], in: service)
      let owner = try #require(cast.members[.owner])
      try await body(service, cast, try await Forger(for: service).token(owner))
    }
  }

  private static func path(_ cast: Cast) -> String {
    "/api/v1/accounts/\(cast.accountID.uuidString.lowercased())/security-log"
  }

  @Test func anOwnerSeesWhoDidWhatAndFromWhereUntilThePersonIsErased() async throws {
    try await with { service, cast, token in
      let project = cast.projectID.uuidString.lowercased()
      let issued = try await service.send(
        .post, "/api/v1/projects/\(project)/keys", key: token,
        headers: [.contentType: "application/json", .userAgent: "quality/1"],
        body: ByteBuffer(string: #"{"name": "audited"}"#))
      #expect(issued.status == 201)
      try await service.catchUp()

      let owner = try #require(cast.members[.owner]?.user)
      let page = try await service.get(Self.path(cast) + "?kind=key_issued&limit=1", key: token)
      let entry = page["entries"][0]
      #expect(entry["kind"] == "key_issued")
      #expect(entry["actor_id"].string == owner.uuidString.lowercased())
      #expect(entry["user_agent"] == "quality/1")
      #expect(entry["address"].string?.isEmpty == false)
      #expect(entry["details"]["key_id"] == issued["key_id"])
      #expect(entry["details"]["hash"] == .null)

      try await Vault(pool: service.test.log.pool).erase(owner)
      let after = try await service.get(Self.path(cast) + "?kind=key_issued&limit=1", key: token)["entries"][0]
      #expect(after["details"] == entry["details"])
      #expect(after["user_agent"] == .null)
      #expect(after["address"] == .null)
    }
  }

  @Test func pagesHoldEachEntryOnceNewestFirst() async throws {
    try await with { service, cast, token in
      let whole = try await service.get(Self.path(cast) + "?limit=500", key: token)["entries"].elements
      #expect(whole.count > 10)
      #expect(whole.compactMap { $0["time"].string } == whole.compactMap { $0["time"].string }.sorted(by: >))
      var pages: [JSON] = []
      var cursor = ""
      repeat {
        let page = try await service.get(Self.path(cast) + "?limit=3\(cursor)", key: token)
        #expect(page["entries"].elements.count <= 3)
        pages += page["entries"].elements
        cursor = page["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      #expect(pages == whole)
    }
  }

  @Test func whatCannotBeAskedForIsSaid() async throws {
    try await with { service, cast, token in
      for query in [
        "kind=request_tracked", "cursor=abc", "cursor=WyI5OTk5OTk5OTk5OTk5OTk5OTk5IiwiMCIsIjAiXQ", "limit=0",
      ] {
        try await service.get(Self.path(cast) + "?" + query, key: token).expectProblem("invalid-parameter", status: 400)
      }
    }
  }

  @Test func everybodySeesWhatTheyDidThemselves() async throws {
    try await with { service, cast, token in
      let answer = try await service.get("/api/v1/me/security-log", key: token)
      let owner = try #require(cast.members[.owner]?.user).uuidString.lowercased()
      let kinds = Set(answer["entries"].elements.compactMap { $0["kind"].string })
      #expect(answer["user_id"].string == owner)
      #expect(kinds == ["user_registered", "email_verified", "session_started", "session_ended"])
      #expect(answer["entries"].elements.allSatisfy { $0["user_id"].string == owner })
    }
  }

  /// What the API offers to filter by is what the projection takes from the log.
  @Test func theKindsDescribedAreThoseThatAreKept() async throws {
    try await Service.with { service in
      let described = try await service.get("/openapi.json")["components"]["schemas"]["SecurityKind"]["enum"]
      let file = Service.projections.appending(path: "security/apply.sql")
      let text = try String(contentsOf: file, encoding: .utf8)
      let list = try #require(text.firstMatch(of: /u\.type IN \(([^)]*)\)/)).output.1
      let kept = list.matches(of: /'(\w+)'/).map { String($0.output.1) }
      #expect(Set(described.elements.compactMap(\.string)) == Set(kept))
    }
  }
}
