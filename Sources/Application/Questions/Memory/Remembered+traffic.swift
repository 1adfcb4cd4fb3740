import Domain

extension TrafficSummary: Remembered {
  var weight: Int { topEndpoints.weight + numbers.weight + (comparison?.weight ?? 0) }
}

extension TrafficChart: Remembered {
  var weight: Int { points.weight + (others?.reduce(0) { $0 + 32 + $1.point.weight } ?? 0) }
}

extension TrafficCell: Remembered {
  var weight: Int { 64 + 16 * (statuses.entries.count + latency.entries.count) }
}

extension TrafficPoint: Remembered {
  var weight: Int { 16 + numbers.weight }
}

extension TrafficLatency: Remembered {
  var weight: Int { points.weight + numbers.weight }
}

extension EndpointTraffic: Remembered {
  var weight: Int {
    (method?.utf8.count ?? 0) + (template?.utf8.count ?? 0) + numbers.weight + (counterpart?.numbers?.weight ?? 0)
  }
}

extension RankedLabel: Remembered {
  var weight: Int { label.utf8.count + total.weight + (counterpart?.numbers?.weight ?? 0) }
}

extension Array: Remembered where Element: Remembered {
  var weight: Int { reduce(32) { $0 + 16 + $1.weight } }
}

extension Page: Remembered where Entry: Remembered {
  var weight: Int { entries.weight + 32 }
}

extension Optional: Remembered where Wrapped: Remembered {
  var weight: Int { map(\.weight) ?? 16 }
}
