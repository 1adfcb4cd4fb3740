/// How busy an hour (UTC) of a demo is: by day more than by night, at weekends less than half.
enum DemoRhythm {
  /// From midnight on.
  private static let hours = [
    0.34, 0.26, 0.22, 0.20, 0.22, 0.32, 0.55, 0.90, 1.30, 1.55, 1.65, 1.68, 1.58, 1.64, 1.70, 1.66, 1.52, 1.34, 1.20,
    1.14, 1.02, 0.84, 0.62, 0.45,
  ]
  /// From Monday on.
  private static let weekdays = [1.05, 1.12, 1.14, 1.10, 0.98, 0.46, 0.40]

  private static let mean = average(hours) * average(weekdays)

  private static func average(_ parts: [Double]) -> Double { parts.reduce(0, +) / Double(parts.count) }

  /// The day of the week of a time (UTC), 0 being Monday.
  static func weekday(of time: Instant) -> Int {
    // 1970-01-01 was a Thursday.
    Int((time.day + 3) % 7)
  }

  /// 1 on the average of a week.
  static func weight(of time: Instant) -> Double {
    hours[Int(time.seconds / 3_600 % 24)] * weekdays[weekday(of: time)] / mean
  }
}
