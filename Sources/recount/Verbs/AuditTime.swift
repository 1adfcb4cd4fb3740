import ArgumentParser
import Domain

/// A time as an auditor types it: RFC 3339, or a day, which begins at midnight UTC.
struct AuditTime: ExpressibleByArgument {
  /// To the microsecond, as the log keeps when it recorded.
  let instant: Instant

  init?(argument: String) {
    guard let instant = Instant(day: argument) ?? Instant(argument) else { return nil }
    self.instant = instant
  }
}
