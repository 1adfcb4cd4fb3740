public import Domain
public import EventLog
public import Foundation

/// Issues and revokes keys of a project.
public struct ProjectKeys: Sendable {
  let log: Log
  let clock: any WallClock

  /// Over an open log.
  public init(log: Log, clock: any WallClock = SystemClock()) {
    self.log = log
    self.clock = clock
  }

  /// A new key, shown once: only its hash is recorded. Throws `Project.Failure`.
  public func issue(
    for project: UUID, of account: UUID, name: String, mode: KeyMode, scopes: [KeyScope]
  ) async throws -> (id: UUID, key: APIKey) {
    var random = SystemRandomNumberGenerator()
    let id = UUID.v7(milliseconds: clock.milliseconds, using: &random)
    let issued = try IssuedKey(name: name, mode: mode, scopes: scopes, id: id)
    try await log.handle(
      .issueKey(issued.request, at: clock.milliseconds), by: Project.self, on: stream(project, of: account))
    return (id, issued.key)
  }

  /// From now on the key opens nothing; revoking it again changes nothing. Throws `Project.Failure.noSuchKey`.
  public func revoke(_ key: UUID, of project: UUID, account: UUID) async throws {
    try await log.handle(.revokeKey(key), by: Project.self, on: stream(project, of: account))
  }

  private func stream(_ project: UUID, of account: UUID) -> EventLog.Stream {
    .project(project, of: account, shard: log.shards.shard(of: account))
  }
}
