import Domain
import EventLog

extension AppendUnit {
  /// Requests at these times, in milliseconds since 1970, all of one month.
  static func requests(
    _ source: TelemetrySource, at times: [Int64], nanoseconds: (Int) -> Int64 = { _ in 0 }, status: Int = 200
  ) -> AppendUnit {
    var unit = TelemetryUnit(source: source, month: CalendarMonth(milliseconds: times.first ?? 0).description)
    for (index, time) in times.enumerated() {
      if index > 0 { unit.data.append(UInt8(ascii: ",")) }
      TrackedRequest(
        endpoint: "/a", method: .get, statusCode: status, responseTimeNanoseconds: nanoseconds(index),
        timestampMilliseconds: time
      ).encode(into: &unit.data)
    }
    unit.count = times.count
    return AppendUnit(unit)
  }
}
