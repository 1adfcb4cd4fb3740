package import Postgres

/// How many messages to channels of Slack there are of a state: queued, sending, sent, failed, dropped, held.
package struct SlackStatus: Sendable, Codable {
  /// The state.
  package var state: String
  /// Messages in it, of those that are still remembered.
  package var messages: Int64

  /// All states that there are messages of; none where none was ever to be sent. Any role of Recount may ask.
  package static func all(_ pool: Pool) async throws -> [SlackStatus] {
    guard try await pool.exists("operations.slack_messages") else { return [] }
    return try await pool.query(
      "SELECT state, count(*) AS messages FROM operations.slack_messages GROUP BY state ORDER BY state"
    ).map { SlackStatus(state: try $0.decode("state"), messages: try $0.decode("messages")) }
  }
}
