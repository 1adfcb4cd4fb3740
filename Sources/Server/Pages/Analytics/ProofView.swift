import Application
import Domain
import EventLog
import Foundation

/// A figure with all that it is made of.
struct ProofView: Sendable {
  let head: TrafficHeadView
  let project: ProjectHead
  let label, value, definition: String
  let back: String
  let calls, recorded, voided: String
  let firstPosition, lastPosition: String?
  let shard, position: String
  let asOf: Moment?
  let days: [Day]
  let hasDays: Bool
  let voids: [Voided]
  let hasVoids: Bool
  let shown: Shown?
  let checkpoint: Covering?
  let stopped: String?
  /// Whether filters narrow the figure, which the pieces below do not know.
  let isFiltered: Bool
  let ledger: LedgerView
  let commands, api, json: String
  let knownOn: String
  let kept: [TrafficHeadView.Kept]
  let action: String

  struct Day: Sendable {
    let day, events, voided, late, first, last: String
  }

  struct Voided: Sendable {
    let id, position, events: String
  }

  /// What was known at a moment.
  struct Shown: Sendable {
    let at: Moment
    let position, calls, late, voidedSince: String
  }

  struct Covering: Sendable {
    let position, treeSize: String
    let time: Moment
    let covers: Bool
  }

  init(
    _ found: Explained<TrafficExplained>, figure: Figure, summary: SpanAnswer<TrafficSummary>,
    ledger: SpanAnswer<IntakeSeries>, _ asked: TrafficAsked, address: String, api: String
  ) {
    let (traffic, calendar) = (found.content.traffic, asked.calendar)
    let numbers = traffic.numbers
    head = TrafficHeadView(asked, .explain)
    project = head.project
    (label, value) = (figure.label, figure.text(summary.content.numbers))
    definition = figure.definition
    back = asked.address.place().path
    (calls, recorded, voided) = (
      Text.number(numbers.counted), Text.number(numbers.recorded), Text.number(numbers.voided)
    )
    (firstPosition, lastPosition) = (numbers.first.map(Text.number), numbers.last.map(Text.number))
    (shard, position) = (String(traffic.shard), Text.number(found.asOf.position))
    asOf = found.asOf.time.map { Moment($0, in: calendar, .second) }
    days = numbers.days.sorted { $0.key < $1.key }.map(Day.init)
    hasDays = !days.isEmpty
    voids = found.content.explanation.voids.map {
      Voided(id: $0.id.text, position: Text.number($0.position), events: Text.number($0.events))
    }
    hasVoids = !voids.isEmpty
    shown = found.content.shown.map { Shown($0, in: calendar) }
    checkpoint = found.checkpoint.map { Covering($0, asOf: found.asOf, in: calendar) }
    stopped = Self.stopped(traffic, asked)
    isFiltered = !asked.address.filters.isEmpty
    self.ledger = LedgerView(ledger.content)
    commands = Self.commands(address, api, traffic.shard)
    self.api = api
    json = asked.address.place(.explain, [("figure", figure.rawValue), ("format", "json")]).path
    knownOn = found.content.shown.map { calendar.text(of: $0.moment - .milliseconds(1), .day) } ?? ""
    kept = (asked.address.fields + [("figure", figure.rawValue)]).compactMap { name, value in
      value.map { TrafficHeadView.Kept(name: name, value: $0) }
    }
    action = TrafficAddress(project: asked.project.id).place(.explain).path
  }

  private static func stopped(_ traffic: ExplainedTraffic, _ asked: TrafficAsked) -> String? {
    let from = asked.calendar.text(of: traffic.explainedFrom, .second)
    return switch traffic.stop {
    case nil: nil
    case .cost:
      "Explained back to \(from), which is as much as one page looks at: ask for a shorter period for the rest."
    case .archive: "Explained back to \(from). What lies before is in an archived month that this server can't read."
    }
  }

  /// As an auditor types them in a checkout of Recount, the key or token being in `$KEY`.
  private static func commands(_ address: String, _ api: String, _ shard: Int) -> String {
    let quotable = address.replacing("'", with: "'\\''")
    return [
      "curl -sS -H \"Authorization: Bearer $KEY\" '\(quotable)\(api)'",
      "curl -sS '\(quotable)/.well-known/recount/key' >key.txt",
      ".build/release/recount audit export --shard \(shard) --output log.jsonl",
      "python3 tools/verify_log.py log.jsonl --key key.txt",
    ].joined(separator: "\n")
  }
}

extension ProofView.Day {
  fileprivate init(_ day: Instant, _ pieces: TrafficPieces.Day) {
    self.day = day.dayText
    (events, voided, late) = (Text.number(pieces.recorded), Text.number(pieces.voided), Text.number(pieces.late))
    (first, last) = (Text.number(pieces.first), Text.number(pieces.last))
  }
}

extension ProofView.Shown {
  fileprivate init(_ shown: TrafficExplained.Shown, in calendar: LocalCalendar) {
    at = Moment(shown.moment, in: calendar, .second)
    position = Text.number(shown.position)
    calls = Text.number(shown.numbers.then)
    late = Text.number(shown.numbers.late)
    voidedSince = Text.number(shown.numbers.voidedSince)
  }
}

extension ProofView.Covering {
  fileprivate init(_ checkpoint: Checkpoint, asOf: AsOf, in calendar: LocalCalendar) {
    (position, treeSize) = (Text.number(checkpoint.position), Text.number(checkpoint.treeSize))
    time = Moment(checkpoint.time, in: calendar, .second)
    covers = checkpoint.position >= asOf.position
  }
}

extension Figure {
  /// What it is, in words.
  var definition: String {
    switch self {
    case .calls:
      "Requests that were accepted and whose own timestamp lies in the period, each once, without those that a void took out."
    case .errors4xx: "Of the calls, those answered with a status from 400 to 499."
    case .errors5xx: "Of the calls, those answered with a status from 500 to 599."
    case .average: "The exact mean of the response times of those calls that say how long they took."
    case .p50: "Half of the calls that have a response time took so long at most. Within 2.5 % of the exact one."
    case .p95: "95 % of the calls that have a response time took so long at most. Within 2.5 % of the exact one."
    case .p99: "99 % of the calls that have a response time took so long at most. Within 2.5 % of the exact one."
    case .apdex:
      "With T = 500 ms: calls that took T at most count whole, those up to 4 T half, longer ones not; divided by all that have a response time (Apdex 1.1). From the same histogram as the percentiles."
    }
  }
}
