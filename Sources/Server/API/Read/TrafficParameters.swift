import Application
import Domain

/// What questions about traffic are asked with beside their span.
enum TrafficParameters {
  static let compare = Parameter<ComparedWith?>.word(
    "compare",
    """
    Compares with the span just before, of the same length (previous); or with the same weekdays and times of day of `time_zone`, the least \
    number of whole weeks before that is at least the span's length (weekday).
    """)
  static let from = Parameter<Instant?>.time(
    "compare_from", "Compares with any span: its beginning, inclusive. With `compare_to`, and without `compare`.")
  static let to = Parameter<Instant?>.time("compare_to", "Its end, exclusive.")

  /// Filters, and what is compared.
  static let terms = RequestParameters.filter.and(QueryParameters(compare, from, to))
}

/// Which span one is compared with, without saying when.
enum ComparedWith: String, CaseIterable, Sendable {
  case previous, weekday
}

extension TrafficTerms {
  /// What a call asks for. Throws the problem of a parameter that won't do, or not with another.
  init(_ call: Call) throws {
    self.init(try RequestFilter(call), comparedWith: try SpanComparison(call))
  }
}

extension SpanComparison {
  /// Nil: nothing is compared.
  fileprivate init?(_ call: Call) throws {
    let parameters = ReadParameters(call.request)
    let word = try call(TrafficParameters.compare)
    let (from, to) = (try call(TrafficParameters.from), try call(TrafficParameters.to))
    if let word, from != nil || to != nil {
      throw parameters.invalid(
        "compare", "\(word.rawValue) beside a span of its own",
        allowed: "either compare, or compare_from and compare_to")
    }
    switch (word, from, to) {
    case (.previous, _, _): self = .previous
    case (.weekday, _, _): self = .weekday(try call(.timeZone).calendar)
    case (nil, let from?, let to?):
      guard from <= to else {
        throw parameters.invalid("compare_from", from.description, allowed: "a time before `compare_to`, \(to)")
      }
      self = .span(from..<to)
    case (nil, nil, nil): return nil
    case (nil, _?, nil):
      throw parameters.invalid("compare_to", "nothing", allowed: "a time, since compare_from is given")
    case (nil, nil, _?):
      throw parameters.invalid("compare_from", "nothing", allowed: "a time, since compare_to is given")
    }
  }
}
