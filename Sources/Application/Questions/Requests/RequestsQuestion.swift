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
    do { return try await search(span, filter, place, limit, budget) } catch is Gap {
      // A month that left the database after our snapshot was taken looks like a gap; a new snapshot knows the archive.
      return try await search(span, filter, place, limit, budget)
    }
  }

  private func search(
    _ span: TrafficSpan, _ filter: RequestFilter, _ place: RequestPlace?, _ limit: Int, _ budget: RequestBudget
  ) async throws -> Answered<RequestPage> {
    let subject = TrackedUnit.Subject(shard: shard(of: span.account), project: span.project, mode: span.mode)
    return try await detail(of: span.project, shard: subject.shard, retention: RetentionOfRequestsQuestion.self) {
      [archive] snapshot in
      let bounds = RequestBounds(span.range, after: place)
      let voids = try await VoidedSpan.all(
        of: subject, in: bounds.milliseconds, upto: snapshot.asOf.position, snapshot.connection)
      let log = RequestLog(subject: subject, voids: voids, archive: archive, connection: snapshot.connection)
      var search = RequestSearch(
        snapshot: snapshot, log: log, matcher: RequestMatcher(filter), bounds: bounds, limit: limit, budget: budget)
      return try await search.page()
    }
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
