import Domain
import Foundation
import Postgres

/// Where a project's detail begins in a read model that forgets it.
protocol RetentionQuestion: Question where Answer == Instant {
  init(shard: Int, project: UUID)
}

extension RetentionQuestion {
  static var sample: Self { Self(shard: 0, project: .sample) }
  static func answer(_ row: AnswerRow) throws -> Instant { try row.value("detail_from") }
}

struct RetentionOfTrafficQuestion: RetentionQuestion {
  let shard: Int
  let project: UUID

  static let file = QueryFile("traffic", "retention")
  var parameters: [any PostgresEncodable] { [Int32(shard), project] }
}

struct RetentionOfRequestsQuestion: RetentionQuestion {
  let shard: Int
  let project: UUID

  static let file = QueryFile("requests", "retention")
  var parameters: [any PostgresEncodable] { [Int32(shard), project] }
}

struct RetentionOfUsageQuestion: RetentionQuestion {
  let shard: Int
  let project: UUID

  static let file = QueryFile("usage", "retention")
  var parameters: [any PostgresEncodable] { [Int32(shard), project] }
}

extension Questions {
  /// Answers a question about a project's detail, and says from when on that is kept.
  func detail<Q: Question, R: RetentionQuestion>(
    _ question: Q, of project: UUID, shard: Int, retention: R.Type
  ) async throws -> Answered<[Q.Answer]> {
    try await detail(of: project, shard: shard, retention: retention) { try await $0.ask(question) }
  }

  func detail<Value: Sendable, R: RetentionQuestion>(
    of project: UUID, shard: Int, retention: R.Type,
    _ body: nonisolated(nonsending) @Sendable (Snapshot) async throws -> Value
  ) async throws -> Answered<Value> {
    let found = try await snapshot(of: R.file.projection, shard: shard) { snapshot in
      (try await body(snapshot), try await snapshot.ask(R(shard: shard, project: project)).first)
    }
    return Answered(found.value.0, found.asOf, detailFrom: found.value.1)
  }
}

/// The oldest that a read model has of a project.
struct OldestDetail: Sendable {
  let project: UUID
  let at: Instant

  init(_ row: AnswerRow) throws {
    project = try row.value("project_id")
    at = try row.value("at")
  }
}
