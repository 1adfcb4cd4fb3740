import Application
import Domain
import Foundation

/// What a month is made of, position by position, and what was shown at a moment.
struct ExplainView: Sendable {
  let tracked, voided, givenBack, used, calls: String
  let shard, position: String
  let addsUp: Bool
  let shown: Shown?
  let pieces: [Piece]
  let voids: [Void]
  let hasPieces, hasVoids: Bool
  let next: String?
  /// Why not all is told; nil where it is.
  let stop: String?

  struct Shown: Sendable {
    let moment, position, used, calls, late, voidedSince, givenBackSince: String
    let isUnchanged: Bool
  }

  struct Piece: Sendable {
    let day, project, projectPath, keyPath, events, positions: String
    let isLate: Bool
  }

  struct Void: Sendable {
    let reason, project, events, position, time: String
    let givesBack, isLate: Bool
  }

  init(_ answer: Answered<ExplainedUsage>, _ names: [UUID: String], next: String?) {
    let usage = answer.value
    tracked = Text.number(usage.totals.tracked)
    (voided, givenBack) = (Text.number(usage.totals.voided), Text.number(usage.totals.givenBack))
    (used, calls) = (Text.number(usage.used), Text.number(usage.calls))
    (shard, position) = (String(usage.shard), Text.number(answer.asOf.position))
    addsUp = usage.addsUp
    shown = usage.comparison.map { Shown($0) }
    pieces = usage.pieces.map { Piece($0, names) }
    voids = usage.voids.map { Void($0, names) }
    (hasPieces, hasVoids) = (!pieces.isEmpty, !voids.isEmpty)
    self.next = next
    stop =
      usage.stop.map {
        $0 == .archive
          ? "The moment lies in an archived month that this server can't read: nothing is told of it."
          : "As much was walked as one page may: the next goes on."
      }
  }
}

extension ExplainView.Shown {
  fileprivate init(_ comparison: UsageComparison) {
    moment = LocalCalendar.utc.text(of: comparison.moment, .second)
    position = Text.number(comparison.position)
    (used, calls) = (Text.number(comparison.then.used), Text.number(comparison.then.calls))
    late = Text.number(comparison.late)
    voidedSince = Text.number(comparison.voidedSince)
    givenBackSince = Text.number(comparison.givenBackSince)
    isUnchanged = comparison.then == comparison.now
  }
}

extension ExplainView.Piece {
  fileprivate init(_ piece: ExplainedPiece, _ names: [UUID: String]) {
    day = piece.day
    project = names[piece.projectID]?.shown ?? piece.projectID.text
    projectPath = Place.project(piece.projectID).path
    keyPath = Place.key(piece.keyID, of: piece.projectID).path
    events = Text.number(piece.events)
    positions =
      piece.firstPosition == piece.lastPosition
      ? Text.number(piece.firstPosition)
      : "\(Text.number(piece.firstPosition)) to \(Text.number(piece.lastPosition))"
    isLate = piece.isLate == true
  }
}

extension ExplainView.Void {
  fileprivate init(_ void: ExplainedVoid, _ names: [UUID: String]) {
    reason = void.reason.shown
    project = names[void.projectID]?.shown ?? void.projectID.text
    (events, position) = (Text.number(void.events), Text.number(void.position))
    time = LocalCalendar.utc.text(of: void.recordedAt, .second)
    (givesBack, isLate) = (void.givesBackQuota, void.isLate == true)
  }
}
