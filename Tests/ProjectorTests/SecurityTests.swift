import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Domain
@testable import Projector

@Suite(.timeLimit(.whatHangs)) struct SecurityTests {
  @Test func anAccountIsShownWhatItsMembersDidWhileTheyWereMembers() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let (account, member, stranger) = (UUID(), UUID(), UUID())
        try await test.logIn(member)
        try await test.record(
          MemberAdded(accountID: account, userID: member, role: .admin), on: test.stream(ofAccount: account))
        try await test.logIn(stranger)
        try await test.record(SignInFailed(userID: member, reason: .wrongPassword), on: test.stream(ofPerson: member))
        try await test.logIn(member)
        try await test.record(MemberRemoved(accountID: account, userID: member), on: test.stream(ofAccount: account))
        try await test.logIn(member)
        try await test.project(pool)
        #expect(
          try await test.kinds(ofAccount: account)
            == ["member_removed", "session_started", "sign_in_failed", "member_added"])
        #expect(try await test.kinds(ofAccount: account, kind: "session_started") == ["session_started"])
        #expect(try await test.kinds(ofAccount: UUID()) == [])
      }
    }
  }

  @Test func pagesHoldEachEntryOnceWhicheverShardsTheyComeFrom() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let account = UUID()
        var members = (0..<4).map { _ in UUID() }
        while Set(members.map { test.log.shards.shard(of: $0) }).count == 1 { members[0] = UUID() }
        for member in members {
          try await test.record(
            MemberAdded(accountID: account, userID: member, role: .member), on: test.stream(ofAccount: account))
        }
        for round in 0..<20 { try await test.logIn(members[round % 4]) }
        try await test.project(pool)
        var seen: [[Int64]] = []
        while true {
          let rows = try await test.securityLog(ofAccount: account, after: seen.last, limit: 5)
          for row in rows { seen.append(try Self.place(of: row)) }
          if rows.isEmpty { break }
        }
        #expect(seen.count == 24)
        #expect(Set(seen).count == 24)
        #expect(seen == seen.sorted { $1.lexicographicallyPrecedes($0) })
      }
    }
  }

  @Test func nothingButTheErasureStaysOfWhatAnErasedPersonDid() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let (gone, other) = (UUID(), UUID())
        for user in [gone, other] { try await test.logIn(user) }
        try await test.project(pool)
        try await test.logIn(gone)
        try await test.record(UserErased(userID: gone), on: test.stream(ofPerson: gone))
        try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run()
        #expect(try await test.kinds(ofUser: gone) == ["user_erased"])
        #expect(try await test.kinds(ofUser: other) == ["session_started"])
        try await test.expectReplayIsClean(pool)
      }
    }
  }

  @Test func neitherHashesNorSealedTextsAreShown() async throws {
    try await TestLog.with { test in
      try await test.projecting { pool in
        let user = UUID()
        try await test.logIn(user)
        try await test.record(
          TokenIssued(
            userID: user, tokenID: UUID(), purpose: .changeEmail, tokenHash: String(repeating: "b", count: 64),
            expiresAt: 1_800_000_000_000, emailSealed: "c2VhbGVk"),
          PasswordSet(userID: user, passwordSealed: "c2VhbGVk", cause: .change),
          PasswordSet(userID: user, passwordSealed: "c2VhbGVk", cause: .rehash), on: test.stream(ofPerson: user))
        try await test.project(pool)
        let rows = try await test.securityLog(ofUser: user)
        let details = try rows.map { try $0.decode("details", as: String.self) }
        #expect(details.count == 3)
        #expect(details[0] == #"{"cause": "change"}"#)
        #expect(details[1].contains(#""expires_at": "2027-01-15T08:00:00.000Z""#))
        #expect(!details.joined().contains("c2VhbGVk"))
        #expect(!details.joined().contains("bbbb"))
      }
    }
  }

  private static func place(of row: Row) throws -> [Int64] {
    [
      try row.decode("microseconds"), Int64(try row.decode("shard", as: Int32.self)), try row.decode("position"),
    ]
  }
}

extension TestLog {
  fileprivate func logIn(_ user: UUID) async throws {
    let started = SessionStarted(
      sessionID: UUID(), userID: user, tokenHash: String(repeating: "a", count: 64), expiresAt: 1_900_000_000_000,
      generation: 0)
    try await record(started, on: stream(ofPerson: user), from: Origin(actorID: user))
  }

  fileprivate func project(_ pool: Pool) async throws {
    try await CatchUp(pool: pool, projections: projectionsFolder, logger: silent).run(only: ["security"])
  }

  fileprivate func securityLog(
    ofAccount id: UUID, kind: String? = nil, after: [Int64]? = nil, limit: Int = 100
  ) async throws -> Rows {
    try await ask("security", "account", parameters(id, kind, after, limit))
  }

  fileprivate func securityLog(ofUser id: UUID) async throws -> Rows {
    try await ask("security", "user", parameters(id, nil, nil, 100))
  }

  private func parameters(
    _ id: UUID, _ kind: String?, _ after: [Int64]?, _ limit: Int
  ) -> [any PostgresEncodable] {
    [Int32(log.shards.shard(of: id)), id, kind, after?[0], after.map { Int32($0[1]) }, after?[2], Int32(limit)]
  }

  fileprivate func kinds(ofAccount id: UUID, kind: String? = nil) async throws -> [String] {
    try await securityLog(ofAccount: id, kind: kind).map { try $0.decode("kind") }
  }

  fileprivate func kinds(ofUser id: UUID) async throws -> [String] {
    try await securityLog(ofUser: id).map { try $0.decode("kind") }
  }
}
