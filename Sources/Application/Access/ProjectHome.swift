import Domain
package import EventLog
package import Foundation
import Postgres

/// Whose a project is: the one door to it. The directory says so; where that has not come to the project, the streams do, so that a project
/// is there for everybody with the commit that created it.
package struct ProjectHome: Sendable {
  private let log: Log
  private let questions: Questions

  /// Over an open log.
  package init(log: Log, questions: Questions) {
    self.log = log
    self.questions = questions
  }

  /// For the operator, who may see all. Nil when there is no such project.
  package func account(of project: UUID) async throws -> UUID? {
    let known = try await directory { try await questions.ask(ProjectQuestion(project: project)) }?.first?.accountID
    return if let known { known } else { try await accountByStream(of: project) }
  }

  /// For a person. Nil when there is no such project, or, found the same way, it is of an account that they are no member of; where the
  /// directory can't tell, the account still has to be asked.
  func account(of project: UUID, seenBy user: UUID) async throws -> UUID? {
    let found = try await directory { try await questions.ask(ProjectOfMemberQuestion(project: project, user: user)) }
    if let found {
      guard let account = found.first else { return nil }
      if let account { return account }
    }
    return try await accountByStream(of: project)
  }

  /// For a key, which sees all projects of its account, archived ones included. Reads nothing of others' projects, so that it takes
  /// the same for one that isn't there and for one of another account.
  func isProject(_ project: UUID, of account: UUID) async throws -> Bool {
    let shard = log.shards.shard(of: account)
    let known = try await directory {
      try await questions.ask(ProjectOfAccountQuestion(shard: shard, account: account, project: project))
    }
    if known?.isEmpty == false { return true }
    // By its own stream, found by its name alone: reading the account's would cost more the longer that is, for any id made up. Never
    // asked first whether there is one: that would take longer where it is another's.
    let stream = StreamID.project(project, of: account, shard: shard)
    return try await log.load(Project.self, from: stream).state.accountID == account
  }

  private func accountByStream(of project: UUID) async throws -> UUID? {
    let name = StreamID.project(project, of: project, shard: 0).name
    // On every shard, since a project's id does not tell its account: a look-up by primary key each.
    let row = try await log.pool.query(
      """
      SELECT h.shard FROM log.heads AS h
      JOIN log.stream_versions AS v ON v.shard = h.shard AND v.stream = \(name) AND v.version = 1
      """
    ).first
    guard let row else { return nil }
    let stream = StreamID(name: name, shard: Int(try row.decode("shard", as: Int32.self)))
    return try await log.load(Project.self, from: stream).state.accountID
  }

  /// Nil where the directory can't be asked.
  private func directory<T>(_ ask: () async throws -> T) async throws -> T? {
    do { return try await ask() } catch let error as PostgresError where error.isOfUnreadableModel { return nil }
  }
}

extension PostgresError {
  /// Nobody has built the read model yet, or only an older release, without a column that is asked for.
  var isOfUnreadableModel: Bool { isOfAbsentReadModel || sqlState == "42703" }
}
