import Application
import Domain
import HTTPTypes
import Hummingbird

/// An answer about a span of a project.
struct SpanAnswer<Content: Sendable>: Sendable {
  let span: TrafficSpan
  let answered: Answered<Content>

  var content: Content { answered.value }
  /// What was counted: the span that was asked about, or what it was widened to.
  var range: Range<Instant> { (answered.range ?? span.range).inEra }

  /// Of the numbers, not of what they are as of: that moves on with whatever else the log takes in.
  private var tag: EntityTag? {
    answered.version.map { version in
      let bounds = "\(range.lowerBound.microseconds) \(range.upperBound.microseconds) \(span.mode.rawValue)"
      return EntityTag(of: version + Array(bounds.utf8) + EntityTag.program, isWeak: true)
    }
  }

  /// Shows it to whoever does not have it yet.
  func response(to call: Call, in shape: Shape<SpanAnswer>) -> Response {
    guard let tag else { return .json(self, in: shape) }
    // Kept by nobody but who asked, and shown by nobody without asking again.
    let headers: HTTPFields = [.eTag: tag.text, .cacheControl: "private, no-cache"]
    guard !tag.isKnown(to: call.request) else { return Response(status: .notModified, headers: headers) }
    var response = Response.json(self, in: shape)
    for field in headers { response.headers[field.name] = field.value }
    return response
  }
}

extension OperationAnswer {
  /// An answer about a span, in its shape.
  static func span<Content>(_ shape: Shape<SpanAnswer<Content>>, _ note: String) -> OperationAnswer {
    OperationAnswer(shape, note, headers: ["ETag": "ETag"])
  }
}

extension Range<Instant> {
  /// The quarter of an hour that ends with the last of all years ends in one that can't be told.
  var inEra: Range<Instant> { clamped(to: lowerBound..<Swift.max(lowerBound, Era.instants.upperBound)) }
}

extension Shape {
  /// What every answer about a span says of itself, and what it is about: whose and which it is, as of when, and from when on detail is
  /// kept.
  static func span<Content>(_ content: [Field<Value>]) -> Shape where Value == SpanAnswer<Content> {
    let about: [Field<Value>] = [
      .id("project_id") { $0.span.project }, .word("mode") { $0.span.mode },
      .time(
        "from",
        "What was asked for, or where the quarter of an hour that it lies in begins; where detail is no longer kept, the day (UTC), and under "
          + "a filter where detail begins."
      ) { $0.range.lowerBound },
      .time(
        "to",
        "What was asked for, or where the quarter of an hour that it lies in ends; where detail is no longer kept, the day (UTC)."
      ) { $0.range.upperBound },
      Field("detail_from", .component("DetailFrom"), components: ["DetailFrom": .detailFrom]) {
        .optional($0.answered.detailFrom)
      }, .asOf { $0.answered.asOf },
    ]
    return Shape(about + content)
  }
}

extension Schema {
  fileprivate static let detailFrom = Schema.time.orNull.described(
    """
    Where detail begins: 7, 30 or 90 whole days (UTC) before today, by tier. Of the time before it daily totals are kept, and nothing \
    finer: a summary takes days whole there, a series of minutes or hours begins here, and endpoints and single requests are not there. \
    null while nothing has been forgotten.
    """)
}
