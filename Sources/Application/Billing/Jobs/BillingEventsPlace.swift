import Domain

/// Where the reading of Stripe's list of events is, which has the newest first: kept after each page, so that who is stopped goes on with the next.
struct BillingEventsPlace: Sendable, Equatable {
  /// Events that were made before then were read by earlier runs.
  let from: Instant
  /// When it began, by Stripe's clock: the next reading is from there.
  var begun: Instant?
  /// The last event of the pages that were read; nil: none was.
  var last: String?
  /// Whether one among them was refused, and is to be asked for again.
  var hasRefused = false

  /// Of nothing read yet.
  init(from: Instant) { self.from = from }

  /// As it was kept; nil of anything else.
  init?(_ text: String) {
    let parts = text.split(separator: " ").map { String($0) }
    guard parts.count == 4, let from = Int64(parts[0]), let begun = Int64(parts[1]) else { return nil }
    self.from = Instant(milliseconds: from)
    self.begun = Instant(milliseconds: begun)
    (last, hasRefused) = (parts[2], parts[3] == "refused")
  }

  /// Nil before the first page.
  var text: String? {
    guard let begun, let last else { return nil }
    return "\(from.milliseconds) \(begun.milliseconds) \(last) \(hasRefused ? "refused" : "read")"
  }
}
