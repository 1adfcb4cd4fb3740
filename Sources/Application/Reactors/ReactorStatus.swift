package import Postgres

/// How far a reactor has followed a shard of the log.
package struct ReactorStatus: Sendable, Codable {
  /// What it is called.
  package var reactor: String
  /// The shard.
  package var shard: Int
  /// The last position that it has seen.
  package var position: Int64
  /// Events that it has not seen yet.
  package var behind: Int64
  /// Why it can't go on; nil when it does.
  package var error: String?

  /// All reactors; none where none has run. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [ReactorStatus] {
    guard try await pool.exists("operations.reactors") else { return [] }
    return try await pool.query(
      """
      SELECT r.reactor, r.shard, r.position, greatest(0, h.last_position - r.position) AS behind, r.error
      FROM operations.reactors AS r JOIN log.heads AS h ON h.shard = r.shard ORDER BY r.reactor, r.shard
      """
    ).map { row in
      ReactorStatus(
        reactor: try row.decode("reactor"), shard: try row.decode("shard"), position: try row.decode("position"),
        behind: try row.decode("behind"), error: try row.decode("error"))
    }
  }
}

/// How many mails there are of a state: queued, sending, sent, failed, dropped.
package struct MailStatus: Sendable, Codable {
  /// The state.
  package var state: String
  /// Mails in it, of those that are still remembered.
  package var mails: Int64

  /// All states that there are mails of; none where none was ever to be sent. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [MailStatus] {
    guard try await pool.exists("operations.mails") else { return [] }
    return try await pool.query(
      "SELECT state, count(*) AS mails FROM operations.mails GROUP BY state ORDER BY state"
    ).map { MailStatus(state: try $0.decode("state"), mails: try $0.decode("mails")) }
  }
}
