import Domain
import EventLog

/// A search for requests, latest first.
///
/// Batches hold requests of some time, in no order, and overlap. So what may hold a match is read in order of its latest second, and
/// what has been found counts as soon as nothing unread can come before it: that is settled.
struct RequestSearch {
  let snapshot: Snapshot
  let log: RequestLog
  let matcher: RequestMatcher
  let bounds: RequestBounds
  let limit: Int
  let budget: RequestBudget

  /// Nobody waits longer for an answer.
  static let patience = Duration.seconds(8)
  /// No more candidates are read at once.
  private static let mostAtOnce = 64
  private static let mostRowsAtOnce = 512
  /// To read a frame of the archive costs as much as this part of a budget.
  private static let frameShare: Int64 = 10

  /// The latest ones last.
  private var candidates: [RequestCandidate] = []
  /// In the list's order, one more than fit on the page at most.
  private var found: [FoundRequest] = []
  /// The row of the read model that was read last; nil: none is left.
  private var row: RequestBatches?
  private var rowsAtOnce = 32
  private var eventsAtOnce: Int64
  private var spent = RequestBudget.Spent()
  /// All at or after this has been looked at, in milliseconds since 1970.
  private var settled: Int64

  init(
    snapshot: Snapshot, log: RequestLog, matcher: RequestMatcher, bounds: RequestBounds, limit: Int,
    budget: RequestBudget
  ) {
    self.snapshot = snapshot
    self.log = log
    self.matcher = matcher
    self.bounds = bounds
    self.limit = limit
    self.budget = budget
    settled = bounds.milliseconds.upperBound
    eventsAtOnce = max(1_000, Int64(limit))
    row = RequestBatches(at: Instant(milliseconds: settled), part: .max, places: BatchPlaces())
  }

  /// Looks until the page is full, all has been looked at, or as much as a call may.
  nonisolated(nonsending) mutating func page() async throws -> RequestPage {
    let start = settled
    while settled > bounds.milliseconds.lowerBound {
      try Task.checkCancellation()
      if let next = nextCandidates() {
        let last = found.count > limit ? found.last?.place : nil
        let reading = try await log.read(next, .init(matcher: matcher, bounds: bounds, last: last))
        take(reading)
        if let unreadable = reading.unreadable {
          settle(downTo: max(unreadable.to, unread))
          return isFull ? whole : stopped(.archive)
        }
      } else if row != nil {
        try await readRows()
      }
      settle(downTo: unread)
      if isFull { break }
      if settled < start {
        if spent.isAll(of: budget) { return stopped(.cost) }
      } else if spent.time > Self.patience {
        throw RequestsTooDense(time: Instant(milliseconds: settled))
      }
    }
    return whole
  }

  /// Whether it has one more than fits on the page, which nothing can come before.
  private var isFull: Bool { found.count > limit && found[limit].time >= Instant(milliseconds: settled) }

  /// What has not been read is all before this.
  private var unread: Int64 { max(candidates.last?.to ?? .min, rowsBound) }

  /// What has no row yet is all before this. A quarter's first part is read last.
  private var rowsBound: Int64 {
    guard let row else { return .min }
    return row.at.milliseconds + (row.part > 0 ? Quarter.milliseconds : 0)
  }

  private mutating func settle(downTo time: Int64) {
    settled = min(settled, max(time, bounds.milliseconds.lowerBound))
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
    for place in try row.places.all() where matcher.mayMatch(place) {
      let candidate = RequestCandidate(place, quarter: row.at.milliseconds)
      guard candidate.from < bounds.milliseconds.upperBound, candidate.to > bounds.milliseconds.lowerBound,
        !log.isVoid(candidate)
      else { continue }
      candidates.append(candidate)
    }
  }

  private mutating func take(_ reading: RequestLog.Reading) {
    // They were the latest, and still are.
    candidates += reading.unread.reversed()
    if reading.isOfArchive { spent.events += budget.events / Self.frameShare }
    guard !reading.requests.isEmpty else { return }
    found += reading.requests
    found.sort { $0.place > $1.place }
    if found.count > limit + 1 { found.removeLast(found.count - limit - 1) }
  }

  /// A full page, or all that there is.
  private var whole: RequestPage {
    let requests = Array(found.prefix(limit))
    guard found.count > limit, let last = requests.last else {
      return RequestPage(
        requests: requests, next: nil, stop: nil, searchedFrom: Instant(milliseconds: bounds.milliseconds.lowerBound))
    }
    return RequestPage(requests: requests, next: last.place, stop: nil, searchedFrom: last.time)
  }

  /// What is settled.
  private func stopped(_ stop: RequestPage.Stop) -> RequestPage {
    let time = Instant(milliseconds: settled)
    let requests = Array(found.prefix { $0.time >= time })
    // One more than fit would have ended the search as a full page.
    return RequestPage(
      requests: requests, next: stop == .cost ? RequestPlace(time: time, position: 0) : nil, stop: stop,
      searchedFrom: time)
  }
}
