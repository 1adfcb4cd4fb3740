import Domain

extension TrafficSpan {
  /// Another span of the same.
  func with(_ range: Range<Instant>) -> TrafficSpan {
    TrafficSpan(project: project, of: account, mode: mode, range: range)
  }

  /// The quarters of an hour that it touches.
  var inQuarters: TrafficSpan { with(range.inQuarters) }

  /// The span that it is compared with.
  func other(_ comparison: SpanComparison) -> TrafficSpan { with(comparison.other(than: inQuarters.range)) }

  /// The least that holds it and the one that it is compared with.
  func covering(_ comparison: SpanComparison?) -> TrafficSpan {
    guard let comparison else { return self }
    let other = other(comparison).range
    return with(min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound))
  }

  /// The quarters that it touches, as far as single requests are kept.
  func kept(detailFrom: Instant?) -> TrafficSpan {
    let range = inQuarters.range
    guard let detailFrom, range.lowerBound < detailFrom else { return with(range) }
    return with(min(detailFrom, range.upperBound)..<range.upperBound)
  }
}
