import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked of a project's senders.
extension Operation {
  static let senders = Operation(
    .get, "/api/v1/projects/{project_id}/senders", id: "senders", .numbers, "What was never received",
    note: """
      By the `sender` that tracked calls name: one running SDK, which numbers its calls, its batches, from 1. Numbers that are missing \
      between those that came are batches that nobody has received; one that comes late closes its gap. Senders that were last seen before \
      `detail_from` are forgotten.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(.mode, SendersRoute.hasGaps, SendersRoute.limit, .place),
    answer: OperationAnswer(SendersRoute.shape, "Those that were heard last first."))
}

/// A page of a project's senders.
struct SendersAnswer: Sendable {
  let project: UUID
  let mode: KeyMode
  let answered: Answered<Page<ListedSender, TimePlace>>
}

extension SendersRoute {
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let hasGaps = Parameter<String?>.word(
    "has_gaps", of: ["true", "false"], "Those alone of which something is missing, or nothing. All by default.")

  static let shape = Shape<SendersAnswer>([
    .id("project_id") { $0.project }, .word("mode") { $0.mode },
    .list("senders", of: sender) { $0.answered.value.entries },
    .optionalTime("detail_from", "From when on senders are kept; null while nothing has been forgotten.") {
      $0.answered.detailFrom
    },
    .nextCursor { $0.answered.value.next.map { Cursor($0.time, $0.id) } }, .asOf { $0.answered.asOf },
  ])

  private static let sender = Shape<ListedSender>(
    "Sender",
    [
      .id("sender_id") { $0.id }, .id("key_id", "That its last batch came with.") { $0.keyID },
      .integer("sent", "Batches that it has sent, by the highest of their numbers.") { $0.sent },
      .integer("here", "Batches that came.") { $0.here },
      .integer("missing", "Batches that never came: sent - here.") { $0.missing },
      .integer("events", "In the batches that came: accepted, duplicates, refused and invalid.") { $0.events },
      .integer("dropped", "Events that it let go before its last batch, as it says.") { $0.dropped },
      .time("first_seen", "When the log recorded its first batch.") { $0.firstSeen },
      .time("last_seen", "When the log recorded its last batch.") { $0.lastSeen },
      .list("gaps", of: gap, "Which batches never came: the highest hundred stretches, the lowest of them first.") {
        $0.gaps
      },
      .integer("untold", "Batches that are missing below those stretches.") { $0.untold },
    ])

  private static let gap = Shape<SenderGap>([
    .integer("first", "The number of its first batch.") { $0.sequences.lowerBound },
    .integer("last", "Of its last, which may be the same.") { $0.sequences.upperBound },
    .time("since", "When a later batch came, and this was noticed.") { $0.since },
  ])
}
