import Domain
import EventLog
import Postgres

/// Where requests that may match lie: those of a batch and a quarter of an hour.
struct RequestCandidate: Sendable {
  let stretch: TrackedUnit.Stretch
  /// Where the quarter begins, in milliseconds since 1970.
  let quarter: Int64
  /// None of them is before this, in milliseconds since 1970.
  let from: Int64
  /// Nor at or after this.
  let to: Int64

  init(_ place: BatchPlace, quarter: Int64) {
    stretch = TrackedUnit.Stretch(batch: place.batch, first: place.first, last: place.last)
    self.quarter = quarter
    from = quarter + Int64(place.oldest) * 1_000
    to = quarter + Int64(place.newest + 1) * 1_000
  }

  /// At most so many requests lie there.
  var most: Int64 { stretch.last - stretch.first + 1 }
}

/// Reads the requests that a walk looks at, in its transaction: from the database, or from the archive where their month has left it.
struct RequestLog: Sendable {
  let subject: TrackedUnit.Subject
  let voids: [VoidedSpan]
  let archive: ArchiveReader?
  let connection: Connection
  /// What was read before; nil: nothing is kept of so much.
  let memory: RequestMemory?

  /// Nobody waits longer for an answer.
  static let patience = Duration.seconds(8)

  /// What became of candidates.
  struct Reading {
    /// Whether some lay in the archive, of which one frame is read at a time.
    var isOfArchive = false
    /// Those that lie elsewhere in the archive, as they were given.
    var unread: [RequestCandidate] = []
    /// The first that lies in an archived month that can't be read.
    var unreadable: RequestCandidate?
  }

  /// Which requests are looked for.
  struct Wanted {
    let matcher: RequestMatcher
    let bounds: RequestBounds
    /// What comes after it is of no use any more.
    let last: RequestPlace?
  }

  /// Whether all that lies there has been voided.
  func isVoid(_ candidate: RequestCandidate) -> Bool {
    voids.contains { void in
      void.takes(time: candidate.from, position: candidate.stretch.last)
        && void.takes(time: candidate.to - 1, position: candidate.stretch.last)
    }
  }

  /// Hands out the requests of some candidates that are asked for. Throws `Gap` where the log has not got what the read model says it has.
  nonisolated(nonsending) func read<Sink: RequestSink>(
    _ candidates: [RequestCandidate], _ wanted: Wanted, into sink: inout Sink
  ) async throws -> Reading {
    var reading = Reading()
    let missing = try await take(candidates, wanted, into: &sink)
    guard let first = missing.first else { return reading }
    do {
      let reach = try await ArchiveReader.bring(
        from: archive, connection, shard: subject.shard, after: first.stretch.batch - 1)
      guard reach != nil else { throw gap(first, "requests of a read model are not there") }
    } catch is ArchiveError {
      reading.unreadable = first
      return reading
    }
    reading.isOfArchive = true
    reading.unread = try await take(missing, wanted, into: &sink)
    guard reading.unread.count < missing.count else { throw gap(first, "its archived batch holds no such request") }
    return reading
  }

  private func gap(_ candidate: RequestCandidate, _ detail: String) -> Gap {
    Gap(shard: subject.shard, after: candidate.stretch.batch - 1, detail: detail)
  }

  /// Reads what is at hand; returns what is not.
  private nonisolated(nonsending) func take<Sink: RequestSink>(
    _ candidates: [RequestCandidate], _ wanted: Wanted, into sink: inout Sink
  ) async throws -> [RequestCandidate] {
    var missing: [RequestCandidate] = []
    for (candidate, units) in zip(candidates, try await units(of: candidates)) {
      if units.isEmpty { missing.append(candidate) }
      for unit in units {
        try sink.take(unit) { position, request in
          isWanted(request, at: position, of: candidate.quarter, wanted)
            && wanted.matcher.matches(request, key: unit.key)
        }
      }
    }
    return missing
  }

  /// What lies where some candidates do, in their order; nothing where that is not at hand.
  private nonisolated(nonsending) func units(of candidates: [RequestCandidate]) async throws -> [[TrackedUnit]] {
    let stretches = candidates.map(\.stretch)
    let known = memory?.units(of: subject, in: stretches)
    let unknown = stretches.indices.filter { known?[$0] == nil }
    var units = known?.map { $0 ?? [] } ?? Array(repeating: [], count: stretches.count)
    guard !unknown.isEmpty else { return units }
    let read = try await TrackedUnit.all(
      of: subject, in: unknown.map { stretches[$0] }, connection, deadline: Self.patience)
    for unit in read { units[unknown[unit.stretch]].append(unit) }
    for index in unknown where !units[index].isEmpty {
      memory?.remember(units[index], of: subject, in: stretches[index])
    }
    return units
  }

  /// Another quarter's requests are found by what is said of that one, if they are kept.
  private func isWanted(
    _ request: borrowing StoredRequest, at position: Int64, of quarter: Int64, _ wanted: Wanted
  ) -> Bool {
    let time = request.timestamp
    guard Quarter.start(of: time) == quarter, wanted.bounds.contain(time: time, position: position) else {
      return false
    }
    if let last = wanted.last, RequestPlace(time: Instant(milliseconds: time), position: position) < last {
      return false
    }
    return !voids.contains { $0.takes(time: time, position: position) }
  }
}
