import Application
import Domain

/// Endpoints that were called before a period, and not once in it: of those called most in the thirty days before, as far as detail of them is kept.
struct QuietEndpoints: Sendable {
  let entries: [EndpointTraffic]
  /// The time before.
  let range: Range<Instant>
  /// How many there are beyond those.
  let others: Int

  /// So many of the time before are looked at.
  static let among = 100
  static let days: Int64 = 30
  private static let shown = 10

  /// Nil where filters are set, which would take the log to count, and where nothing is kept of the time before.
  init?(_ numbers: ProjectNumbers, _ asked: TrafficAsked, detailFrom: Instant?) async throws {
    let start = asked.range.lowerBound
    let first = max(start - .days(Self.days), detailFrom ?? .distantPast)
    guard asked.address.filters.isEmpty, first < start else { return nil }
    let answer = try await numbers.endpoints(before: first..<start, asked, limit: Self.among)
    let quiet = answer.content.endpoints.filter { endpoint in
      endpoint.template != nil && endpoint.counterpart?.numbers.map { $0.calls == 0 } == true
    }
    guard !quiet.isEmpty else { return nil }
    entries = Array(quiet.prefix(Self.shown))
    others = quiet.count - entries.count
    range = answer.range
  }
}

extension ProjectNumbers {
  /// The endpoints of a span before what is asked for, compared with that.
  fileprivate func endpoints(
    before range: Range<Instant>, _ asked: TrafficAsked, limit: Int
  ) async throws -> SpanAnswer<Ranking> {
    let (project, mode) = (asked.project.id, asked.address.mode)
    let span = TrafficSpan(project: project, of: asked.project.accountID, mode: mode, range: range)
    let place = Place.api(of: project, "endpoints").with([
      ("mode", mode.rawValue), ("from", range.lowerBound.description), ("to", range.upperBound.description),
      ("compare_from", asked.range.lowerBound.description), ("compare_to", asked.range.upperBound.description),
      ("limit", String(limit)),
    ])
    return try await read.endpoints(of: span, asked.apiCall(.endpoints, place))
  }
}
