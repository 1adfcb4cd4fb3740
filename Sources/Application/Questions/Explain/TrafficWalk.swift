import Domain
import EventLog
import Foundation
import Postgres

/// Counts a span's requests by where they lie, the latest quarter of an hour first. Of the log only those batches are read of which voids take
/// some requests and leave others: a place says how many there are, and its position when they were recorded.
struct TrafficWalk {
  let snapshot: Snapshot
  let places: VoidedPlaces
  /// Between quarters of an hour.
  let range: Range<Instant>
  /// In order of position.
  let voids: [VoidedSpan]
  let days: RecordedDays
  /// What lies after it is not counted.
  let upto: Int64
  /// Where the log stood at the moment asked about.
  let known: Int64?
  let budget: RequestBudget

  /// Candidates that are read at once.
  private static let mostAtOnce = 64
  private static let mostRowsAtOnce = 512

  private var total = TrafficPieces()
  /// Of the quarter that is being read.
  private var quarter = TrafficPieces()
  private var open: Instant?
  private var mixed: [RequestCandidate] = []
  /// Voids that may take some of the quarter, in order of position.
  private var near: [VoidedSpan] = []
  private var settled: Instant
  private var spent = RequestBudget.Spent()

  init(
    snapshot: Snapshot, places: VoidedPlaces, range: Range<Instant>, voids: [VoidedSpan], days: RecordedDays,
    upto: Int64, known: Int64?, budget: RequestBudget
  ) {
    self.snapshot = snapshot
    self.places = places
    self.range = range
    self.voids = voids.sorted { $0.position < $1.position }
    self.days = days
    self.upto = upto
    self.known = known
    self.budget = budget
    settled = range.upperBound
  }

  /// Counts all, or as much as a call may.
  nonisolated(nonsending) mutating func explained() async throws -> ExplainedTraffic {
    // Before the first part of the quarter that the span ends before.
    var (at, part, size) = (range.upperBound, Int32(-1), 32)
    while true {
      try Task.checkCancellation()
      let rows = try await snapshot.ask(
        RequestBatchesQuestion(subject: places.subject, from: range.lowerBound, at: at, part: part, rows: size))
      spent.rows += rows.count
      for row in rows {
        if row.at != open, let stop = try await end(before: row.at) { return value(stop) }
        try note(row)
      }
      guard let last = rows.last, rows.count == size else { break }
      (at, part, size) = (last.at, last.part, min(Self.mostRowsAtOnce, size * 2))
      if spent.time > RequestLog.patience {
        guard settled < range.upperBound else { throw RequestsTooDense(time: settled) }
        return value(.cost)
      }
    }
    if let stop = try await end(before: nil) { return value(stop) }
    settled = range.lowerBound
    return value(nil)
  }

  /// Ends the quarter that is being read, and begins another; why none is begun, where that is so.
  private nonisolated(nonsending) mutating func end(before next: Instant?) async throws -> RequestPage.Stop? {
    defer { begin(next) }
    guard let ended = open else { return nil }
    while !mixed.isEmpty {
      try Task.checkCancellation()
      let some = Array(mixed.prefix(Self.mostAtOnce))
      mixed.removeFirst(some.count)
      guard try await look(at: some) else { return .archive }
      guard spent.time > RequestLog.patience, !mixed.isEmpty else { continue }
      // What was counted of this quarter is in no number: it is told again from its beginning.
      guard settled < range.upperBound else { throw RequestsTooDense(time: ended) }
      return .cost
    }
    total.add(quarter)
    quarter = TrafficPieces()
    settled = ended
    return next != nil && spent.isAll(of: budget) ? .cost : nil
  }

  private mutating func begin(_ quarter: Instant?) {
    open = quarter
    let times = quarter.map { $0.milliseconds..<$0.milliseconds + Quarter.milliseconds }
    near = times.map { times in voids.filter { $0.mayTake(of: times, from: 0) } } ?? []
  }

  private mutating func note(_ row: RequestBatches) throws {
    for place in try row.places.all() where place.batch <= upto {
      let candidate = RequestCandidate(place, quarter: row.at.milliseconds)
      let time = candidate.from..<candidate.to
      guard let first = near.first(where: { $0.mayTake(of: time, from: place.first) }) else {
        add(place.count, between: place.first...place.last, takenBy: nil)
        continue
      }
      if first.takesAll(of: time, upto: place.last) {
        add(place.count, between: place.first...place.last, takenBy: first.position)
      } else {
        mixed.append(candidate)
      }
    }
  }

  private nonisolated(nonsending) mutating func look(at candidates: [RequestCandidate]) async throws -> Bool {
    spent.events += candidates.reduce(0) { $0 + $1.most }
    var found: [(time: Int64, position: Int64)] = []
    guard let reading = try await places.read(candidates, { found.append((time: $0, position: $1)) }) else {
      return false
    }
    mixed = reading.unread + mixed
    if reading.isOfArchive { spent.events += budget.frameCost }
    for one in found {
      let void = near.first { $0.takes(time: one.time, position: one.position) }
      add(1, between: one.position...one.position, takenBy: void?.position)
    }
    return true
  }

  private mutating func add(_ count: Int64, between positions: ClosedRange<Int64>, takenBy void: Int64?) {
    // Every request that is counted here is one of a piece of the month's usage.
    let day = days.day(of: positions.lowerBound) ?? .distantPast
    quarter.add(count, between: positions, on: day, takenBy: void, known: known)
  }

  private func value(_ stop: RequestPage.Stop?) -> ExplainedTraffic {
    ExplainedTraffic(
      shard: places.subject.shard, numbers: total, known: known, stop: stop, explainedFrom: settled)
  }
}
