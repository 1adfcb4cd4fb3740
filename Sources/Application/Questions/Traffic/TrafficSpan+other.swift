import Domain

extension TrafficSpan {
  /// Another span of the same.
  func with(_ range: Range<Instant>) -> TrafficSpan {
    TrafficSpan(project: project, of: account, mode: mode, range: range)
  }

  /// The quarters of an hour that it touches.
  var inQuarters: TrafficSpan {
    range.isEmpty ? self : with(range.lowerBound.toQuarter..<range.upperBound.upToQuarter)
  }

  /// The span that it is compared with.
  func other(_ comparison: SpanComparison) -> TrafficSpan { with(comparison.other(than: inQuarters.range)) }

  /// The quarters that it touches, as far as single requests are kept.
  func kept(detailFrom: Instant?) -> TrafficSpan {
    let range = inQuarters.range
    guard let detailFrom, range.lowerBound < detailFrom else { return with(range) }
    return with(min(detailFrom, range.upperBound)..<range.upperBound)
  }
}
