import Application
import Domain
import Foundation
import HTTPTypes

extension Operation {
  static let releaseEndpoints = Operation(
    .get, "/api/v1/projects/{project_id}/release-endpoints", id: "releaseEndpoints", .numbers,
    "What became of each endpoint with a release",
    note: """
      Each endpoint in a window before and after the release was first seen: all its requests, whatever release served them. `from` is where \
      the window before begins, `to` where the one after ends.
      """, right: .memberOrKey(.readNumbers, .read),
    query: QueryParameters(
      .mode, ReleaseParameters.release, ReleaseParameters.window, ReadRoutes.limit, ReadRoutes.rank),
    answer: OperationAnswer(ReleaseShapes.endpoints, "Most called in both windows together first."),
    problems: [.releaseNotFound])
}

/// What is asked of a release.
enum ReleaseParameters {
  static let release = Parameter<String>(
    "release", .text(1...128), note: "As requests name it.", isRequired: true
  ) { parameters in
    guard let release = try parameters.text("release") else {
      throw parameters.invalid("release", "nothing", allowed: "a release, as tracked requests name it")
    }
    return release
  }

  /// A fortnight: a bound on what one answer costs.
  private static let hours = 1...336

  static let window = Parameter<Duration>(
    "window_hours", .integer(hours, default: 24),
    note: "How long to look before and after the quarter of an hour in which the release was first seen."
  ) { parameters in
    guard let given = try parameters.text("window_hours") else { return .hours(24) }
    guard let count = Int(given), hours.contains(count) else {
      throw parameters.invalid("window_hours", given, allowed: "1 to \(hours.upperBound)")
    }
    return .hours(Int64(count))
  }
}

/// What became of a project's endpoints with a release.
struct ReleaseAnswer: Sendable {
  let release: String
  let window: Duration
  let found: ReleaseEndpoints
}

/// How endpoints before and after a release are shown.
enum ReleaseShapes {
  static let endpoints = Shape<SpanAnswer<ReleaseAnswer>>.span([
    .text("release") { $0.content.release },
    .time(
      "first_seen",
      "Where the quarter of an hour begins in which a request named it first, as far back as detail is kept: what came before it is "
        + "`before`, what came from it on is `after`."
    ) { $0.content.found.firstSeen },
    .boolean(
      "is_before_whole",
      "False where the window before begins before detail is kept, so that less of it is told than of the one after; or where the "
        + "release was there on the first day that is kept, and so perhaps before."
    ) { answer in
      let seen = answer.content.found.firstSeen
      let firstDay = answer.answered.detailFrom.map { $0 + .days(1) } ?? .distantPast
      return answer.range.lowerBound <= seen - answer.content.window && seen >= firstDay
    },
    .list("endpoints", of: endpoint) { $0.content.found.page.entries },
    .nextCursor { $0.content.found.page.next.map { Cursor($0.calls, $0.hash) } },
  ])

  private static let endpoint = Shape<ReleaseEndpoint>(
    "ReleaseEndpoint",
    [
      .optionalText("method", rest) { $0.method },
      .optionalText("template", TrafficShapes.templateNote + " " + rest) { $0.template },
      .one("before", TrafficShapes.numbers) { $0.before }, .one("after", TrafficShapes.numbers) { $0.after },
    ])

  private static let rest = "null of all those together that came after a day had as many as it may have."
}
