extension Instant {
  /// What is allowed in the place of a text that is no time, with what it lacks where that is one thing or two.
  package static func allowed(insteadOf text: String) -> String {
    flaw(of: text).map { "\(allowed): \($0)" } ?? allowed
  }

  /// Found by mending: what has to be added to make a time of it is what is missing.
  static func flaw(of text: String) -> String? {
    // Longer ones lack something else.
    guard (10...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    let (minute, rest) = (text.prefix(16), text.dropFirst(16))
    let repairs: [(String, String)] = [
      (text + "T00:00:00Z", "the time of day is missing"),
      (text + "Z", "the offset is missing: end it with Z for UTC, or as in +02:00"),
      (minute + ":00" + rest, "the seconds are missing"),
      (minute + ":00Z" + rest, "the seconds and the offset are missing: end it as in :00Z"),
      (text.dropLast(2) + ":" + text.suffix(2), "the offset lacks its colon"),
      (String(text.map { $0 == "," ? "." : $0 }), "the fraction begins with a point"),
      (text.prefix(8) + "01" + text.dropFirst(10), "its month has no such day"),
    ]
    return repairs.first { Instant($0.0) != nil }?.1
  }
}
