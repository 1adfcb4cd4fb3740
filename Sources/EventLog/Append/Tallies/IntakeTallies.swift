package import Domain
import Synchronization

/// What came in and was not accepted, in the memory of this process until ``Log/writeTallies()`` appends it, once a minute.
///
/// Of a key and month that an append accepted nothing of, the append writes nothing: a client that is wrong, or over its quota, a
/// thousand times a second would else fill the log for good. A process that dies loses the last minute's tally, and nothing that was
/// accepted (promise 5). What is not accepted beside something that is, stands in the same batch, as it always did.
package final class IntakeTallies: Sendable {
  /// Keys and months that are tallied apart at a time. Each takes a few hundred bytes. Only keys that open something come here, and of
  /// each a few months only, so that nobody can make up either.
  static let capacity = 20_000
  /// A key's. The acceptance window, 35 days back and minutes ahead, touches no more than three; what lies outside of it stands under the
  /// month of receipt.
  static let monthsPerKey = 3
  /// Where they are written without waiting for the minute: far enough from `capacity` for what comes until that is done.
  static let crowd = 10_000

  private let state = Mutex(State())

  private struct State {
    var counts: [KeyMonth: Counts] = [:]
    /// How many months of `counts` are a key's.
    var months: [TelemetrySource: Int] = [:]
    /// Calls whose month there was no room for.
    var dropped = 0

    func has(roomFor month: KeyMonth) -> Bool {
      counts[month] != nil
        || counts.count < IntakeTallies.capacity && months[month.source, default: 0] < IntakeTallies.monthsPerKey
    }

    mutating func add(_ some: Counts, to month: KeyMonth) {
      guard has(roomFor: month) else {
        dropped += 1
        return
      }
      if counts[month] == nil { months[month.source, default: 0] += 1 }
      counts[month, default: Counts()] += some
    }
  }

  /// A key's month.
  struct KeyMonth: Hashable, Sendable {
    let source: TelemetrySource
    /// `2026-11`, UTC.
    let month: String
  }

  /// What was not accepted.
  package struct Counts: Sendable, Equatable {
    /// Events that the log had already.
    package var duplicates = 0
    /// Events for which the month's quota left no room.
    package var refused = 0
    /// Events that were malformed, out of the acceptance window, or brought a known id with another body.
    package var invalid = 0
    /// Of the invalid, those in which something was missing or not what it must be.
    package var malformed = 0
    /// Of the invalid, those whose timestamp lay outside the acceptance window.
    package var outsideWindow = 0
    /// Of the invalid, those that brought a known id with another body.
    package var idConflicts = 0
    /// Calls that were turned away unread, for coming too fast; how many events they held nobody knows.
    package var throttled = 0

    var isZero: Bool { self == Counts() }

    static func += (left: inout Counts, right: Counts) {
      left.duplicates += right.duplicates
      left.refused += right.refused
      left.invalid += right.invalid
      left.malformed += right.malformed
      left.outsideWindow += right.outsideWindow
      left.idConflicts += right.idConflicts
      left.throttled += right.throttled
    }
  }

  /// Nothing tallied yet.
  package init() {}

  /// A call of this key was turned away unread, for coming too fast.
  ///
  /// - Parameter now: when: it is shown in that calendar month (UTC).
  package func noteThrottled(_ source: TelemetrySource, at now: Instant) {
    let month = CalendarMonth(of: now).description
    add([(KeyMonth(source: source, month: month), Counts(throttled: 1))])
  }

  /// The outcomes of a call that holds nothing for the log to decide, for none of its events could be read: tallied here, and no
  /// append needed. Nil for any other call, which is the log's.
  package func settle(_ units: [AppendUnit]) -> [UnitOutcome]? {
    let figures = units.compactMap(\.intake)
    guard figures.count == units.count, figures.allSatisfy(\.asksNothing) else { return nil }
    let nothing = UnitOutcome(position: nil, accepted: 0, duplicates: 0, refused: 0, isConflict: false)
    add(figures.map { ($0.month, $0.rest(nothing)) })
    return figures.map { _ in nothing }
  }

  /// What one append did not accept, of the keys and months that it accepted nothing of.
  func note(_ units: [AppendUnit], _ outcomes: [UnitOutcome]) {
    let all = zip(units, outcomes).lazy.compactMap { unit, outcome in unit.intake.map { ($0, outcome) } }
    // Nearly every append is of new telemetry, all of it within the quota.
    guard all.contains(where: { !$0.isAll($1) }) else { return }
    var rests: [KeyMonth: (accepted: Int, counts: Counts)] = [:]
    for (figures, outcome) in all {
      var rest = rests[figures.month] ?? (0, Counts())
      rest.accepted += outcome.accepted
      rest.counts += figures.rest(outcome)
      rests[figures.month] = rest
    }
    add(rests.filter { $0.value.accepted == 0 }.map { ($0, $1.counts) })
  }

  /// Whether they should be written without waiting for the minute.
  package var isCrowded: Bool { state.withLock { $0.counts.count >= Self.crowd } }

  /// Takes all there is, to be written, and how many calls found no room.
  func take() -> (tallies: [(month: KeyMonth, counts: Counts)], dropped: Int) {
    state.withLock { state in
      defer { state = State() }
      return (state.counts.map { ($0, $1) }, state.dropped)
    }
  }

  /// Adds to what is tallied: what came in, and what could not be written.
  func add(_ tallies: [(month: KeyMonth, counts: Counts)]) {
    state.withLock { state in
      for (month, counts) in tallies where !counts.isZero { state.add(counts, to: month) }
    }
  }
}
