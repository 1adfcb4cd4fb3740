import Application
import Domain

/// How much of a span was counted, and what it is compared with.
enum ComparisonShapes {
  static func coverage<Value>(_ get: @escaping @Sendable (Value) -> Coverage) -> [Field<Value>] {
    [
      .boolean(
        "is_complete",
        "False where not all of the span was counted, which happens under filters alone: `stopped_by` says why."
      ) { get($0).stop == nil },
      Field(
        "stopped_by", .words(of: RequestPage.Stop.self).orNull,
        note: """
          cost: as many requests have been looked at as one answer may, the latest first. archive: what lies before is in an archived month \
          that this server can't read. null where all was counted.
          """
      ) { get($0).stop.map { .string($0.rawValue) } ?? .null },
      .time("counted_from", "From when on everything is counted: the numbers are those from here to `to`.") {
        get($0).countedFrom
      },
    ]
  }

  /// The span that an answer compares with, and what it says of it.
  static func comparison<Content>(_ content: [Field<ComparedAnswer<Content>>]) -> Shape<ComparedAnswer<Content>> {
    let about: [Field<ComparedAnswer<Content>>] = [
      .time("from", "As of the answer's own span.") { $0.range.lowerBound }, .time("to") { $0.range.upperBound },
    ]
    return Shape(about + coverage { $0.span.coverage } + content)
  }

  /// The same of an answer each entry of which says what it is compared with.
  static func comparison<Content>() -> Field<SpanAnswer<Content>> {
    .optional("comparison", comparison([]), comparedNote) { answer in answer.compared { _ in () } }
  }

  static let comparedNote = "The span that it is compared with, where one was asked for."

  /// What an entry is compared with.
  static func counterpart<Entry>(
    _ shape: Shape<TrafficNumbers>, _ get: @escaping @Sendable (Entry) -> Counterpart?
  ) -> Field<Entry> {
    Field(
      "comparison", shape.schema.orNull,
      note: """
        The same in the span that it is compared with, where one was asked for. null where that can't be told: its detail is gone, or it may \
        count among the rest of a day that had as many as it may have.
        """, isOptional: true, components: shape.components
    ) { entry in get(entry).map { $0.numbers.map(shape.json) ?? .null } }
  }
}

/// What an answer says of the span that it compares with.
struct ComparedAnswer<Content: Sendable>: Sendable {
  let span: ComparedSpan
  let content: Content

  var range: Range<Instant> { span.range.inEra }
}

extension SpanAnswer {
  /// How much of the span was counted.
  var coverage: Coverage { answered.coverage ?? .whole(range) }

  /// Whether nothing of it, or of the span that it is compared with, was left out for want of time or of an archive: asked again, it may be told then.
  var isWhole: Bool { coverage.stop == nil && answered.comparison?.coverage.stop == nil }

  /// What it says of the other span, where there is one.
  func compared<Other>(_ get: (Content) -> Other?) -> ComparedAnswer<Other>? {
    guard let span = answered.comparison, let other = get(content) else { return nil }
    return ComparedAnswer(span: span, content: other)
  }
}

extension Shape {
  /// What every answer about traffic says of its span, and how much of that was counted.
  static func traffic<Content>(_ content: [Field<Value>]) -> Shape where Value == SpanAnswer<Content> {
    .span(ComparisonShapes.coverage { $0.coverage } + content)
  }
}
