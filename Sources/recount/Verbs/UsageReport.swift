import Domain
import EventLog
import Foundation

/// An explanation of a number, for people and programs.
struct UsageReport {
  let account: UUID
  let mode: KeyMode
  let month: String
  let project: UUID?
  let shown: ShownUsage
  let shownAt: Instant?
  let explanation: UsageExplanation

  /// Whether the log makes up what is shown.
  var addsUp: Bool { explanation.used == shown.used && explanation.calls == shown.calls }

  private var part: UsageExplanation { project.map { explanation.of(project: $0) } ?? explanation }

  var lines: [String] {
    var lines = [
      "Account \(account.text) used \(shown.used.grouped)\(mode == .test ? " of its test quota" : "") in \(month), as "
        + "/api/v1/usage shows at position \(shown.position) of shard \(shown.shard)."
    ]
    if part.voidedAndUsed != 0 {
      lines.append(
        "\(part.used.grouped) used = \(part.calls.grouped) calls + \(part.voidedAndUsed.grouped) voided, which "
          + "left the numbers and stay used.")
    }
    if let project { lines.append("Of project \(project.text) alone: \(part.used.grouped).") }
    if !part.tracked.isEmpty { lines += ["", Self.row("recorded on", "positions", "events", "project, key")] }
    lines += part.tracked.map { Self.row($0, note: $0.isLate == true ? "  late" : "") }
    if !part.voided.isEmpty { lines += ["", "Voided:"] }
    lines += part.voided.map {
      Self.row($0, note: "  \($0.reason ?? "")\($0.givesBackQuota == false ? " (stays used)" : "")")
    }
    if let shownAt { lines += ["", comparison(at: shownAt)] }
    lines += ["", verdict]
    return lines
  }

  private func comparison(at moment: Instant) -> String {
    let voided = part.givenBackSince == 0 ? "" : " less \(part.givenBackSince.grouped) voided since"
    return "shown at \(moment): \(part.shown.grouped); now \(part.used.grouped) = "
      + "\(part.late.grouped) late events\(voided)"
  }

  private var verdict: String {
    addsUp
      ? "The log's \(explanation.walked) events of the shard make up exactly what is shown."
      : "What is shown does NOT follow from the log: it says \(shown.used) used and \(shown.calls) calls, but the events make "
        + "\(explanation.used) and \(explanation.calls)."
  }

  private static func row(_ piece: UsageExplanation.Piece, note: String) -> String {
    row(
      piece.day,
      piece.voidID == nil ? "\(piece.firstPosition) to \(piece.lastPosition)" : "\(piece.firstPosition)",
      piece.events.grouped, "\(piece.projectID.text)  \(piece.keyID.text)\(note)")
  }

  private static func row(_ day: String, _ positions: String, _ events: String, _ rest: String) -> String {
    "\(day.padding(toLength: 12, withPad: " ", startingAt: 0)) "
      + "\(positions.padding(toLength: max(24, positions.count), withPad: " ", startingAt: 0)) "
      + "\(String(repeating: " ", count: max(0, 12 - events.count)))\(events)  \(rest)"
  }

}

extension UsageReport {
  /// For programs.
  var answer: some Encodable { Answer(self) }

  private struct Answer: Encodable {
    let accountId: String
    let mode: String
    let month: String
    let shard: Int
    let position: Int64
    let used: Int64
    let calls: Int64
    let counted: Int64
    let addsUp: Bool
    let project: Part?
    let comparison: Comparison?
    let pieces: [Piece]

    init(_ report: UsageReport) {
      accountId = report.account.text
      mode = report.mode.rawValue
      month = report.month
      shard = report.shown.shard
      position = report.shown.position
      used = report.shown.used
      calls = report.shown.calls
      counted = report.explanation.used
      addsUp = report.addsUp
      project = report.project.map { Part(projectId: $0.text, used: report.part.used, calls: report.part.calls) }
      comparison = report.shownAt.map {
        Comparison(
          shownAt: $0.description, shown: report.part.shown, now: report.part.used,
          late: report.part.late, voidedSince: report.part.voidedSince, givenBackSince: report.part.givenBackSince)
      }
      pieces = (report.part.tracked + report.part.voided).map(Piece.init)
    }
  }

  private struct Part: Encodable {
    let projectId: String
    let used, calls: Int64
  }

  private struct Comparison: Encodable {
    let shownAt: String
    let shown, now, late, voidedSince, givenBackSince: Int64
  }

  private struct Piece: Encodable {
    let recordedOn: String
    let isLate: Bool?
    let projectId, keyId: String
    let voidId, reason: String?
    let givesBackQuota: Bool?
    let events, firstPosition, lastPosition: Int64

    init(_ piece: UsageExplanation.Piece) {
      (recordedOn, isLate) = (piece.day, piece.isLate)
      (projectId, keyId) = (piece.projectID.text, piece.keyID.text)
      (voidId, reason) = (piece.voidID?.text, piece.reason)
      givesBackQuota = piece.givesBackQuota
      (events, firstPosition, lastPosition) = (piece.events, piece.firstPosition, piece.lastPosition)
    }
  }
}
