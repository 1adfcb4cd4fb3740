import EventLog
import Foundation

/// An explanation of a number, for people and programs.
struct UsageReport {
  let account: UUID
  let month: String
  let project: UUID?
  let shown: ShownUsage
  let shownAt: Date?
  let explanation: UsageExplanation

  /// Whether the log makes up what is shown.
  var addsUp: Bool { explanation.used == shown.used }

  private var part: UsageExplanation { project.map { explanation.of(project: $0) } ?? explanation }

  var lines: [String] {
    var lines = [
      "Account \(account.lowercase) used \(Self.number(shown.used)) in \(month), as /api/v1/usage shows at position "
        + "\(shown.position) of shard \(shown.shard)."
    ]
    if let project { lines.append("Of project \(project.lowercase) alone: \(Self.number(part.used)).") }
    if !part.tracked.isEmpty { lines += ["", Self.row("recorded on", "positions", "events", "project, key")] }
    lines += part.tracked.map { Self.row($0, note: $0.isLate == true ? "  late" : "") }
    if !part.voided.isEmpty { lines += ["", "Voided:"] }
    lines += part.voided.map { Self.row($0, note: "  \($0.reason ?? "")") }
    if let shownAt { lines += ["", comparison(at: shownAt)] }
    lines += ["", verdict]
    return lines
  }

  private func comparison(at moment: Date) -> String {
    let voided = part.voidedSince == 0 ? "" : " less \(Self.number(part.voidedSince)) voided since"
    return "shown at \(moment.formatted(AuditTime.style)): \(Self.number(part.shown)); now \(Self.number(part.used)) = "
      + "\(Self.number(part.late)) late events\(voided)"
  }

  private var verdict: String {
    addsUp
      ? "The log's \(explanation.walked) events of the shard make up exactly what is shown."
      : "What is shown does NOT follow from the log: it says \(shown.used), but the events make \(explanation.used)."
  }

  private static func row(_ piece: UsageExplanation.Piece, note: String) -> String {
    row(
      piece.day,
      piece.voidID == nil ? "\(piece.firstPosition) to \(piece.lastPosition)" : "\(piece.firstPosition)",
      number(piece.events), "\(piece.projectID.lowercase)  \(piece.keyID.lowercase)\(note)")
  }

  private static func row(_ day: String, _ positions: String, _ events: String, _ rest: String) -> String {
    "\(day.padding(toLength: 12, withPad: " ", startingAt: 0)) "
      + "\(positions.padding(toLength: max(24, positions.count), withPad: " ", startingAt: 0)) "
      + "\(String(repeating: " ", count: max(0, 12 - events.count)))\(events)  \(rest)"
  }

  /// With commas, whatever the machine's language.
  private static func number(_ number: Int64) -> String {
    number.formatted(.number.locale(Locale(identifier: "en_US")).grouping(.automatic))
  }
}

extension UsageReport {
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(Answer(self)), as: UTF8.self)
    }
  }

  private struct Answer: Encodable {
    let accountId: String
    let month: String
    let shard: Int
    let position: Int64
    let used: Int64
    let counted: Int64
    let addsUp: Bool
    let project: Part?
    let comparison: Comparison?
    let pieces: [Piece]

    init(_ report: UsageReport) {
      accountId = report.account.lowercase
      month = report.month
      shard = report.shown.shard
      position = report.shown.position
      used = report.shown.used
      counted = report.explanation.used
      addsUp = report.addsUp
      project = report.project.map { Part(projectId: $0.lowercase, used: report.part.used) }
      comparison = report.shownAt.map {
        Comparison(
          shownAt: $0.formatted(AuditTime.style), shown: report.part.shown, now: report.part.used,
          late: report.part.late, voidedSince: report.part.voidedSince)
      }
      pieces = (report.part.tracked + report.part.voided).map(Piece.init)
    }
  }

  private struct Part: Encodable {
    let projectId: String
    let used: Int64
  }

  private struct Comparison: Encodable {
    let shownAt: String
    let shown, now, late, voidedSince: Int64
  }

  private struct Piece: Encodable {
    let recordedOn: String
    let isLate: Bool?
    let projectId, keyId: String
    let voidId, reason: String?
    let events, firstPosition, lastPosition: Int64

    init(_ piece: UsageExplanation.Piece) {
      (recordedOn, isLate) = (piece.day, piece.isLate)
      (projectId, keyId) = (piece.projectID.lowercase, piece.keyID.lowercase)
      (voidId, reason) = (piece.voidID?.lowercase, piece.reason)
      (events, firstPosition, lastPosition) = (piece.events, piece.firstPosition, piece.lastPosition)
    }
  }
}

extension UUID {
  fileprivate var lowercase: String { uuidString.lowercased() }
}
