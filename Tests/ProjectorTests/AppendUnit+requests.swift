import Domain
import EventLog

extension AppendUnit {
  /// Requests at these times, all of one month.
  static func requests(
    _ source: TelemetrySource, at times: [Instant], nanoseconds: (Int) -> Int64? = { _ in 0 }, status: Int = 200
  ) -> AppendUnit {
    var unit = TelemetryUnit(source: source, month: CalendarMonth(of: times.first ?? .epoch).description)
    for (index, time) in times.enumerated() {
      if index > 0 { unit.data.append(UInt8(ascii: ",")) }
      TrackedRequest(
        endpoint: "/a", method: .get, statusCode: status, responseTimeNanoseconds: nanoseconds(index),
        timestamp: time
      ).encode(into: &unit.data)
    }
    unit.count = times.count
    return AppendUnit(unit)
  }
}
