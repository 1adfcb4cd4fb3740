import Application
import Domain
import Foundation
import HTTPTypes

/// What a project's traffic was by who called, by release and by key.
extension Operation {
  static let consumers = Operation(
    .get, "/api/v1/projects/{project_id}/consumers", id: "consumers", .numbers, "Who called most",
    note: "By the `consumer` that tracked requests name; those that name none are in no entry.",
    right: .memberOrKey(.readNumbers, .read),
    query: BreakdownRoutes.parameters,
    answer: .span(BreakdownRoutes.consumersShape, "Most calls first."), problems: [.tooManyAtOnce])

  static let releases = Operation(
    .get, "/api/v1/projects/{project_id}/releases", id: "releases", .numbers, "What each release answered",
    note: "By the `release` that tracked requests name; those that name none are in no entry.",
    right: .memberOrKey(.readNumbers, .read),
    query: BreakdownRoutes.parameters,
    answer: .span(BreakdownRoutes.releasesShape, "Most calls first."), problems: [.tooManyAtOnce])

  static let trafficByKey = Operation(
    .get, "/api/v1/projects/{project_id}/traffic-by-key", id: "trafficByKey", .numbers, "What came in with each key",
    note: "By the key that the requests were tracked with.", right: .memberOrKey(.readNumbers, .read),
    query: BreakdownRoutes.parameters,
    answer: .span(BreakdownRoutes.keysShape, "Most calls first."), problems: [.tooManyAtOnce])
}

extension BreakdownRoutes {
  static let parameters = QueryParameters(.mode, .from, .to, .timeZone, ReadRoutes.limit, ReadRoutes.rank).and(
    TrafficParameters.terms)

  static let consumersShape = shape(named: "consumer")
  static let releasesShape = shape(named: "release")
  static let keysShape = shape(named: "key_id")

  private static func shape(
    named name: String
  ) -> Shape<SpanAnswer<Page<NamedTraffic, TrafficRank>>> {
    let entry = TrafficShapes.numbers.extended(
      from: { (named: NamedTraffic) in named.numbers },
      [
        .optionalText(name, "null of all together that came after a day had as many as it may have.") { $0.name },
        Field("first_day", .day.orNull, note: "Of the span, UTC.") { .optionalDay($0.days?.lowerBound) },
        Field("last_day", .day.orNull, note: "Of the span, UTC.") { .optionalDay($0.days?.upperBound) },
        ComparisonShapes.counterpart(TrafficShapes.numbers) { $0.counterpart },
      ])
    return .traffic([
      .list("entries", of: entry) { $0.content.entries },
      .nextCursor { $0.content.next.map { Cursor($0.calls, $0.hash) } }, ComparisonShapes.comparison(),
    ])
  }
}

extension JSONValue {
  fileprivate static func optionalDay(_ day: Instant?) -> JSONValue { day.map { .string($0.dayText) } ?? .null }
}
