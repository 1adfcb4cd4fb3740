extension ImportProgress {
  /// Thirty cells fit beside the counts on a terminal of 120 columns.
  var bar: String {
    guard let fraction else { return "" }
    let filled = Int((min(max(fraction, 0), 1) * 30).rounded(.down))
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled) + "]"
  }

  var line: String {
    var parts: [String] = []
    if let fraction { parts.append("\(Int((fraction * 100).rounded(.down)))%") }
    parts.append("\(summary.lines.grouped) lines")
    parts.append("\(Int(linesPerSecond).grouped)/s")
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    parts.append("\(summary.accepted.grouped) accepted")
    if summary.duplicates > 0 { parts.append("\(summary.duplicates.grouped) duplicates") }
    if summary.refused > 0 { parts.append("\(summary.refused.grouped) refused") }
    if summary.invalid > 0 { parts.append("\(summary.invalid.grouped) invalid") }
    return parts.joined(separator: " · ")
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded(.up))
    let digits = [whole / 60 % 60, whole % 60].map { ($0 < 10 ? "0" : "") + String($0) }
    return (whole >= 3_600 ? "\(whole / 3_600):" : "") + digits.joined(separator: ":")
  }
}
