package import Domain
import EventLog
import Foundation
import Postgres

/// A span of a project's traffic, explained, and the voids that took some of it.
package struct TrafficExplanation: Sendable {
  /// What was counted.
  package let traffic: ExplainedTraffic
  /// In order of position.
  package let voids: [TrafficVoid]
  /// The moment asked about.
  package let knownAt: Instant?
}

extension Questions {
  /// What makes the number of a project's requests in a span, exact between quarters of an hour, as far back as detail is kept. `knownAt`
  /// is a moment at which somebody saw it. Throws ``ReadModelMissing``, ``RequestsTooDense``, `ArchiveError` where the moment lies in a
  /// month that can't be read, and `Gap` where the log is not what the read models know it to be.
  package func explainTraffic(
    _ span: TrafficSpan, knownAt: Instant?, budget: RequestBudget = .explaining
  ) async throws -> Answered<TrafficExplanation> {
    let shard = self.shard(of: span.account)
    var known: Int64?
    if let knownAt { known = try await position(at: knownAt, on: shard) }
    return try await oncePerArchive { [known] in try await explain(span, knownAt, known, budget) }
  }

  private func explain(
    _ span: TrafficSpan, _ knownAt: Instant?, _ known: Int64?, _ budget: RequestBudget
  ) async throws -> Answered<TrafficExplanation> {
    let subject = TrackedUnit.Subject(shard: shard(of: span.account), project: span.project, mode: span.mode)
    let found = try await snapshot(of: "requests", shard: subject.shard) { [archive] snapshot in
      let usage = try await Snapshot.open(of: "usage", shard: subject.shard, self, on: snapshot.connection)
      // Of the two read models the one that is less far along.
      let asOf = usage.asOf.position < snapshot.asOf.position ? usage.asOf : snapshot.asOf
      let detailFrom = try await snapshot.ask(
        RetentionOfRequestsQuestion(shard: subject.shard, project: span.project)
      ).first
      let kept = span.kept(detailFrom: detailFrom)
      let known = known.map { asOf.known($0, at: knownAt) }
      let voids = try await VoidedSpan.all(
        of: subject, in: kept.range.lowerBound.milliseconds..<kept.range.upperBound.milliseconds, upto: asOf.position,
        snapshot.connection)
      let days = try await snapshot.ask(RecordedDaysQuestion(span: kept, shard: subject.shard))
      var walk = TrafficWalk(
        snapshot: snapshot, places: VoidedPlaces(subject: subject, archive: archive, connection: snapshot.connection),
        range: kept.range, voids: voids, days: RecordedDays(days), upto: asOf.position, known: known, budget: budget)
      let traffic = try await walk.explained()
      return (
        value: TrafficExplanation(traffic: traffic, voids: traffic.took(voids), knownAt: knownAt), asOf: asOf,
        detailFrom: detailFrom, range: kept.range
      )
    }
    return Answered(
      found.value.value, found.value.asOf, detailFrom: found.value.detailFrom, range: found.value.range)
  }
}

extension RequestBudget {
  /// Rows hold dozens of places each, and little else is looked at.
  package static let explaining = RequestBudget(events: 100_000, rows: 20_000, time: .milliseconds(500))
}

extension ExplainedTraffic {
  fileprivate func took(_ voids: [VoidedSpan]) -> [TrafficVoid] {
    voids.compactMap { void in
      numbers.voids[void.position].map { TrafficVoid(id: void.id, position: void.position, events: $0) }
    }.sorted { $0.position < $1.position }
  }
}
