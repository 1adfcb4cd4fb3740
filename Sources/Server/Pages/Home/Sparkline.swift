/// Fourteen days as bars, the last of which is not over: what the sentence beside it says, drawn.
struct Sparkline: Sendable {
  let bars: [Bar]
  let width: Int
  /// For whoever does not see it.
  let summary: String

  struct Bar: Sendable {
    let x, y, height: String
    let isSoFar: Bool
  }

  private static let height = 28.0
  private static let step = 8

  init(_ days: [Int64]) {
    let most = days.max() ?? 0
    bars = days.enumerated().map { index, calls in
      // A day with a call shows; one without is the baseline alone.
      let share = most > 0 ? Double(calls) / Double(most) : 0
      let height = calls == 0 ? 1 : max(2, (share * Self.height).rounded())
      return Bar(
        x: String(index * Self.step), y: String(Int(Self.height - height)), height: String(Int(height)),
        isSoFar: index == days.count - 1)
    }
    width = max(1, days.count * Self.step - 2)
    let whole = days.dropLast()
    let least = Text.number(whole.min() ?? 0)
    summary =
      most == 0
      ? "no calls in \(days.count) days"
      : "\(least) to \(Text.number(whole.max() ?? 0)) calls a day (UTC), \(Text.number(days.last ?? 0)) today so far"
  }
}
