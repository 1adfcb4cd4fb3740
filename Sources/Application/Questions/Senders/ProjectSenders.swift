package import Domain
package import Foundation
import Postgres

/// One running SDK, as far as it was heard.
package struct ListedSender: Sendable, Equatable {
  /// Drawn when it started.
  package let id: UUID
  /// That its last batch came with.
  package let keyID: UUID
  /// Batches (calls of its) that it has sent, by the highest of their numbers.
  package let sent: Int64
  /// Of these, those that came.
  package let here: Int64
  /// Events in those that came, accepted or not.
  package let events: Int64
  /// Events that it let go, as far as it has said.
  package let dropped: Int64
  /// When the log recorded its first batch.
  package let firstSeen: Instant
  /// When the log recorded its last batch.
  package let lastSeen: Instant
  /// What is missing, in order: the highest hundred stretches of it.
  package let gaps: [SenderGap]
  /// Batches that are missing in lower stretches.
  package let untold: Int64

  /// Batches that never came.
  package var missing: Int64 { sent - here }

  /// After which the next page begins.
  package var place: TimePlace { TimePlace(time: lastSeen, id: id) }
}

/// Batches in a row that never came.
package struct SenderGap: Sendable, Equatable {
  /// The first and the last of them, by their numbers.
  package let sequences: ClosedRange<Int64>
  /// When a later one came.
  package let since: Instant
}

extension Questions {
  /// A page of a project's senders, those that were heard last first, and from when on senders are kept. All, or those alone of which
  /// something is missing, or nothing.
  package func senders(
    ofProject project: UUID, in account: UUID, mode: KeyMode, withGaps: Bool? = nil, after place: TimePlace? = nil,
    limit: Int
  ) async throws -> Answered<Page<ListedSender, TimePlace>> {
    let shard = self.shard(of: account)
    let question = SendersQuestion(
      shard: shard, project: project, mode: mode, withGaps: withGaps, place: place, rows: limit + 1)
    return try await detail(question, of: project, shard: shard, retention: RetentionOfSendersQuestion.self)
      .map { Page($0, limit: limit, place: \.place) }
  }
}

struct SendersQuestion: Question {
  let shard: Int
  let project: UUID
  let mode: KeyMode
  let withGaps: Bool?
  let place: TimePlace?
  let rows: Int

  static let file = QueryFile("senders", "of_project")
  static let sample = SendersQuestion(
    shard: 0, project: .sample, mode: .live, withGaps: nil, place: nil, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(shard), project, mode.rawValue, withGaps, place?.time, place?.id, Int32(rows)]
  }

  static func answer(_ row: AnswerRow) throws -> ListedSender {
    ListedSender(
      id: try row.value("sender_id"), keyID: try row.value("key_id"), sent: try row.value("sent"),
      here: try row.value("here"), events: try row.value("events"), dropped: try row.value("dropped"),
      firstSeen: try row.value("first_seen"), lastSeen: try row.value("last_seen"),
      gaps: try row.elements("gaps", of: Gap.self).map(\.told), untold: try row.value("untold"))
  }

  /// As the query writes it, the time in microseconds.
  private struct Gap: Decodable {
    let first, last, noticedAt: Int64

    var told: SenderGap {
      SenderGap(sequences: first...max(first, last), since: Instant(microseconds: noticedAt))
    }
  }
}

struct RetentionOfSendersQuestion: RetentionQuestion {
  let shard: Int
  let project: UUID

  static let file = QueryFile("senders", "retention")
  var parameters: [any PostgresEncodable] { [Int32(shard), project] }
}
