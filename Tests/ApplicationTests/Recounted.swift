import Domain
import EventLog
import Foundation
import Logging
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application

/// A log of its own with read models, and what can be asked of it. A projector runs when the test says so.
struct Recounted: Sendable {
  let test: TestLog
  let questions: Questions

  static let projections = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Projections")
  static let queries = QueryCatalog(folder: projections)

  /// Silent: tests provoke errors on purpose.
  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  static func with(_ body: @Sendable (Recounted) async throws -> Void) async throws {
    let template = Template(name: "application") { [try .operations()] }
    try await TestLog.with(template: template) { test in
      try await body(Recounted(test: test, questions: try Questions(log: test.log, queries: queries)))
    }
  }

  /// Brings read models, all by default, to where the log is.
  func catchUp(only names: [String]? = nil) async throws {
    var settings = test.database.settings
    settings.role = "recount_projector"
    let pool = Pool(settings, size: 3, logger: Self.silent)
    do {
      try await CatchUp(pool: pool, projections: Self.projections, logger: Self.silent).run(only: names)
    } catch {
      await pool.close()
      throw error
    }
    await pool.close()
  }

  /// Opens an account with a project and a key, as its owner would.
  func open(_ tier: Tier = .pro) async throws -> (account: UUID, project: UUID, owner: UUID, key: APIKey) {
    let email = try #require(EmailAddress("\(UUID().uuidString)@example.com"))
    let opened = try await OpenAccount(log: test.log, vault: test.log.vault)(email: email, project: "shop", tier: tier)
    let stream = StreamID.account(opened.accountID, shard: opened.shard)
    let owner = try #require(try await test.log.load(Account.self, from: stream).state.members.keys.first)
    return (opened.accountID, opened.projectID, owner, opened.apiKey)
  }
}
