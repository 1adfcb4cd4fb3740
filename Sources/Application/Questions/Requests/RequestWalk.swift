import Domain
import EventLog

/// What a walk over requests is for: a page of them, a count.
protocol RequestSink {
  /// What comes after it is of no use any more; nil: all is of use.
  var last: RequestPlace? { get }
  /// Takes those of a unit's requests that are wanted.
  mutating func take(_ unit: TrackedUnit, where isWanted: (Int64, borrowing StoredRequest) -> Bool) throws
  /// All at or after a time, in milliseconds since 1970, has been taken. Answers whether that is enough.
  mutating func settle(downTo time: Int64) -> Bool
}

/// A walk over requests that may match, latest first.
///
/// Batches hold requests of some time, in no order, and overlap. So what may hold a match is read in order of its latest second, and
/// what has been taken counts as soon as nothing unread can come before it: that is settled.
struct RequestWalk<Sink: RequestSink> {
  let snapshot: Snapshot
  let log: RequestLog
  let matcher: RequestMatcher
  let bounds: RequestBounds
  let budget: RequestBudget
  private(set) var sink: Sink

  /// No more candidates are read at once.
  private static var mostAtOnce: Int { 64 }
  private static var mostRowsAtOnce: Int { 512 }

  /// The latest ones last.
  private var candidates: [RequestCandidate] = []
  /// The row of the read model that was read last; nil: none is left.
  private var row: RequestBatches?
  private var rowsAtOnce = 32
  private var eventsAtOnce: Int64
  private(set) var spent = RequestBudget.Spent()
  /// All at or after this has been looked at, in milliseconds since 1970.
  private(set) var settled: Int64

  /// - Parameter atFirst: about so many requests are looked at before any others.
  init(
    into sink: Sink, snapshot: Snapshot, log: RequestLog, matcher: RequestMatcher, bounds: RequestBounds,
    budget: RequestBudget, atFirst: Int64
  ) {
    self.snapshot = snapshot
    self.log = log
    self.matcher = matcher
    self.bounds = bounds
    self.budget = budget
    self.sink = sink
    settled = bounds.milliseconds.upperBound
    eventsAtOnce = atFirst
    row = RequestBatches(at: Instant(milliseconds: settled), part: .max, places: BatchPlaces())
  }

  /// Walks until the sink has enough or all has been looked at: nil; or until something stops it.
  ///
  /// - Parameter mustSettle: whether a walk that ended before it settled anything would be of no use. It goes on then, whatever it costs, and
  ///   throws ``RequestsTooDense`` where nobody would wait longer.
  nonisolated(nonsending) mutating func run(mustSettle: Bool) async throws -> RequestPage.Stop? {
    let start = settled
    while settled > bounds.milliseconds.lowerBound {
      try Task.checkCancellation()
      if let next = nextCandidates() {
        let wanted = RequestLog.Wanted(matcher: matcher, bounds: bounds, last: sink.last)
        let reading = try await log.read(next, wanted, into: &sink)
        note(reading)
        if let unreadable = reading.unreadable {
          return settle(downTo: max(unreadable.to, unread)) ? nil : .archive
        }
      } else if row != nil {
        try await readRows()
      }
      if settle(downTo: unread) { break }
      let isOut = spent.time > RequestLog.patience
      if settled < start || !mustSettle {
        if isOut || spent.isAll(of: budget), settled > bounds.milliseconds.lowerBound { return .cost }
      } else if isOut {
        throw RequestsTooDense(time: Instant(milliseconds: settled))
      }
    }
    return nil
  }

  /// What has not been read is all before this.
  private var unread: Int64 { max(candidates.last?.to ?? .min, rowsBound) }

  /// What has no row yet is all before this. A quarter's first part is read last.
  private var rowsBound: Int64 {
    guard let row else { return .min }
    return row.at.milliseconds + (row.part > 0 ? Quarter.milliseconds : 0)
  }

  private mutating func settle(downTo time: Int64) -> Bool {
    settled = min(settled, max(time, bounds.milliseconds.lowerBound))
    return sink.settle(downTo: settled)
  }

  /// The next to be read, latest first; nil where rows must be read before it is known which those are.
  private mutating func nextCandidates() -> [RequestCandidate]? {
    var next: [RequestCandidate] = []
    var events: Int64 = 0
    // Beyond the budget, what is left of a quarter that nothing has been settled of is read as fast as may be.
    let most = spent.events < budget.events ? min(eventsAtOnce, budget.events - spent.events) : eventsAtOnce
    while let candidate = candidates.last, candidate.to > rowsBound, next.count < Self.mostAtOnce,
      next.isEmpty || events + candidate.most <= most
    {
      next.append(candidate)
      events += candidate.most
      candidates.removeLast()
    }
    guard !next.isEmpty else { return nil }
    spent.events += events
    // Most pages are filled by the first; who must look further looks at more at once.
    eventsAtOnce = min(16_000, eventsAtOnce * 2)
    return next
  }

  private nonisolated(nonsending) mutating func readRows() async throws {
    guard let last = row else { return }
    let rows = try await snapshot.ask(
      RequestBatchesQuestion(
        subject: log.subject, from: Instant(milliseconds: Quarter.start(of: bounds.milliseconds.lowerBound)),
        at: last.at, part: last.part, rows: rowsAtOnce))
    spent.rows += rows.count
    for row in rows { try note(row) }
    candidates.sort { ($0.to, $0.stretch.batch) < ($1.to, $1.stretch.batch) }
    row = rows.count < rowsAtOnce ? nil : rows.last
    rowsAtOnce = min(Self.mostRowsAtOnce, rowsAtOnce * 2)
  }

  private mutating func note(_ row: RequestBatches) throws {
    for place in try places(of: row) where matcher.mayMatch(place) {
      let candidate = RequestCandidate(place, quarter: row.at.milliseconds)
      guard candidate.from < bounds.milliseconds.upperBound, candidate.to > bounds.milliseconds.lowerBound,
        !log.isVoid(candidate)
      else { continue }
      candidates.append(candidate)
    }
  }

  /// Rows that another release wrote are none: the read model is being built anew beside them.
  private func places(of row: RequestBatches) throws -> [BatchPlace] {
    do { return try row.places.all() } catch { throw ReadModelMissing(projection: "requests") }
  }

  private mutating func note(_ reading: RequestLog.Reading) {
    // They were the latest, and still are.
    candidates += reading.unread.reversed()
    if reading.isOfArchive { spent.events += budget.frameCost }
  }
}
