import Domain

/// Of when requests are looked for, in milliseconds since 1970, which is what requests have.
struct RequestBounds: Sendable {
  /// From the first on, and before the second.
  let milliseconds: Range<Int64>
  private let place: RequestPlace?

  /// Of a span, and of what comes after a place.
  init(_ span: Range<Instant>, after place: RequestPlace?) {
    let from = Self.roundedUp(span.lowerBound)
    let beyond = Self.roundedUp(span.upperBound)
    let to = place.map { min(beyond, Self.beyond($0)) } ?? beyond
    milliseconds = from..<max(from, to)
    self.place = place
  }

  /// Of the place's own millisecond those with lower positions, if there are any.
  private static func beyond(_ place: RequestPlace) -> Int64 {
    place.position > 0 ? place.time.milliseconds + 1 : roundedUp(place.time)
  }

  private static func roundedUp(_ instant: Instant) -> Int64 {
    let milliseconds = instant.milliseconds
    return Instant(milliseconds: milliseconds) < instant ? milliseconds + 1 : milliseconds
  }

  func contain(time: Int64, position: Int64) -> Bool {
    milliseconds.contains(time)
      && (place.map { RequestPlace(time: Instant(milliseconds: time), position: position) < $0 } ?? true)
  }
}
