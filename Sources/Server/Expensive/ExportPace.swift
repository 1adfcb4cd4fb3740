/// How fast a client must take an export: an export holds a place for as long as it is taken, and a kilobyte a second, with which the edge is
/// content, would hold it for days.
struct ExportPace {
  /// For each piece, which has two megabytes at most: 35 kB/s, less than any line gives that somebody moves a log over.
  let perPiece: Duration
  private var start: ContinuousClock.Instant

  init(perPiece: Duration = .seconds(60), at now: ContinuousClock.Instant = .now) {
    self.perPiece = perPiece
    start = now
  }

  /// A piece is ready: making it has cost its client nothing.
  mutating func beginPiece(at now: ContinuousClock.Instant = .now) { start = now }

  /// Throws ``ExportTooSlow`` when the piece under way is not taken in time. Asked after each write: how long one of those may take
  /// is the edge's to say.
  func check(at now: ContinuousClock.Instant = .now) throws(ExportTooSlow) {
    guard start.duration(to: now) <= perPiece else { throw ExportTooSlow(perPiece: perPiece) }
  }
}

/// An export was ended because its client took it too slowly.
struct ExportTooSlow: Error, CustomStringConvertible {
  let perPiece: Duration
  var description: String { "a piece of the export was not taken within \(perPiece)" }
}
