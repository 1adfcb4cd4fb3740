import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite struct HandleTests {
  @Test func aCommandThatLosesARaceIsDecidedAnewOnFreshState() async throws {
    try await TestLog.with { test in
      let id = UUID()
      let stream = StreamID(name: "account-\(id)", shard: 0, accountID: id)
      try await test.log.handle(.open(id: id, tier: .pro, owner: UUID()), by: Account.self, on: stream)
      let results = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 {
          group.addTask {
            do {
              try await test.log.handle(.addProject(UUID(), at: 0), by: Account.self, on: stream)
              return true
            } catch { return error as? Account.Failure != .projectLimitReached(.pro) }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.count { $0 } == Tier.pro.projectLimit, "exactly the tier's limit, however many ask at once")
      let (account, version) = try await test.log.load(Account.self, from: stream)
      #expect(account.projects.count == Tier.pro.projectLimit)
      #expect(version == 2 + Tier.pro.projectLimit)
    }
  }

  @Test func anAddressIsClaimedByExactlyOneOfManyProcesses() async throws {
    try await TestLog.with { test in
      let digest = String(repeating: "0a", count: 32)
      let stream = StreamID(name: "email-\(digest)", shard: 1)
      let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<4 {
          let log = try await test.another()
          group.addTask {
            do {
              let claim = EmailClaimed(emailDigest: digest, userID: UUID())
              try await log.handle(.claim(claim), by: EmailClaim.self, on: stream)
              await log.close()
              return true
            } catch EmailClaim.Failure.taken {
              await log.close()
              return false
            }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(winners == 1)
    }
  }

  @Test(arguments: [
    (version: 1, members: #"{}"#, mode: "live"),
    (version: 2, members: #"{"mode": "test", "scopes": ["read"]}"#, mode: "test"),
  ]) func aStoredOldEventIsReadAsTheCurrentVersion(old: (version: Int, members: String, mode: String)) async throws {
    try await TestLog.with { test in
      let (key, project, account) = (UUID(), UUID(), UUID())
      let name = "project-old"
      try await test.owner.query(
        """
        SELECT log.append(0, jsonb_build_array(jsonb_build_object('given', 1, 'stream', \(name)::text, 'stream_version', 1)),
          ARRAY[jsonb_build_object('type', 'key_issued', 'version', \(old.version)::integer, 'stream', \(name)::text, 'stream_version', 1,
            'data', jsonb_build_array(\(old.members)::jsonb || jsonb_build_object('key_id', \(key)::uuid, 'project_id', \(project)::uuid, 'account_id', \(account)::uuid,
              'name', 'old', 'hint', 'sk_live_abcd…wxyz', 'hash', repeat('0', 64))))::text])
        """)
      let stream = StreamID(name: name, shard: 0)
      let (state, version) = try await test.log.load(Project.self, from: stream)
      #expect(version == 1)
      #expect(state.keys[key]?.mode.rawValue == old.mode)
      #expect(state.keys[key]?.expiresAt == nil)
      let row = try #require(
        try await test.owner.query(
          "SELECT data ->> 'mode' AS mode, data ? 'expires_at' AS lifted, version FROM log.events WHERE stream = \(name)"
        ).first)
      #expect(try row.decode("mode", as: String.self) == old.mode)
      #expect(try row.decode("lifted", as: Bool.self), "lifted as it is read")
      #expect(try row.decode("version", as: Int.self) == old.version, "and stored as it was")
      try await test.expectTheLogHolds()
    }
  }
}
