package import Domain
import EventLog
import Foundation
import Postgres

extension Questions {
  /// A page of a project's requests, latest first. Throws ``ReadModelMissing``, ``RequestsTooDense``, and `Gap` where the log is not what the
  /// read model knows it to be.
  package func requests(
    _ span: TrafficSpan, _ filter: RequestFilter = RequestFilter(), after place: RequestPlace? = nil, limit: Int,
    budget: RequestBudget = .standard
  ) async throws -> Answered<RequestPage> {
    try await oncePerArchive { try await page(span, filter, place, limit, budget) }
  }

  private func page(
    _ span: TrafficSpan, _ filter: RequestFilter, _ place: RequestPlace?, _ limit: Int, _ budget: RequestBudget
  ) async throws -> Answered<RequestPage> {
    let shard = self.shard(of: span.account)
    return try await detail(of: span.project, shard: shard, retention: RetentionOfRequestsQuestion.self) { snapshot in
      let bounds = RequestBounds(span.range, after: place)
      var walk = RequestWalk(
        into: RequestPageDraft(limit: limit), snapshot: snapshot,
        log: try await requestLog(span, bounds, snapshot, requestMemory), matcher: RequestMatcher(filter),
        bounds: bounds,
        budget: budget, atFirst: max(1_000, Int64(limit)))
      let stop = try await walk.run(mustSettle: true)
      return walk.sink.page(
        stop: stop, settled: Instant(milliseconds: walk.settled),
        first: Instant(milliseconds: bounds.milliseconds.lowerBound))
    }
  }

  /// What a walk reads a project's requests by, as far as a snapshot of read model `requests` has them.
  nonisolated(nonsending) func requestLog(
    _ span: TrafficSpan, _ bounds: RequestBounds, _ snapshot: Snapshot, _ memory: RequestMemory?
  ) async throws -> RequestLog {
    let subject = TrackedUnit.Subject(shard: shard(of: span.account), project: span.project, mode: span.mode)
    let voids = try await VoidedSpan.all(
      of: subject, in: bounds.milliseconds, upto: snapshot.asOf.position, snapshot.connection)
    return RequestLog(
      subject: subject, voids: voids, archive: archive, connection: snapshot.connection, memory: memory)
  }

  /// A month that left the database after the snapshot was taken looks like a gap; a new snapshot knows the archive.
  func oncePerArchive<Value: Sendable>(
    _ body: nonisolated(nonsending) @Sendable () async throws -> Value
  ) async throws -> Value {
    do { return try await body() } catch is Gap { return try await body() }
  }
}

/// A row of the read model: where requests of a quarter of an hour lie.
struct RequestBatches: Sendable {
  let at: Instant
  let part: Int32
  let places: BatchPlaces
}

struct RequestBatchesQuestion: Question {
  let subject: TrackedUnit.Subject
  let from: Instant
  let at: Instant
  let part: Int32
  let rows: Int

  static let file = QueryFile("requests", "batches")
  static let sample = RequestBatchesQuestion(
    subject: TrackedUnit.Subject(shard: 0, project: .sample, mode: .live), from: .epoch, at: .epoch, part: 0, rows: 1)
  var parameters: [any PostgresEncodable] {
    [Int32(subject.shard), subject.project, subject.mode.rawValue, from, at, part, Int32(rows)]
  }

  static func answer(_ row: AnswerRow) throws -> RequestBatches {
    RequestBatches(at: try row.value("at"), part: try row.value("part"), places: try row.value("places"))
  }
}
