import Foundation

/// One event's JSON, made of raw texts, so that a test can send what no encoder would write.
struct EventText: Sendable {
  private var fields: [String: String]

  /// A valid event of so many seconds from now.
  init(_ clock: TestClock, after seconds: Double = -60) {
    fields = [
      "endpoint": #""/v2/17/servers""#, "method": #""GET""#, "status_code": "200", "response_time_ms": "12.5",
      "timestamp": "\"\(clock.time(seconds))\"",
    ]
  }

  /// The same with a field's text replaced; nil leaves the field out.
  func with(_ name: String, _ text: String?) -> EventText {
    var other = self
    other.fields[name] = text
    return other
  }

  func with(id: UUID) -> EventText { with("event_id", "\"\(id.uuidString)\"") }

  var text: String {
    "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }
}

extension [EventText] {
  /// A call of these, under a batch id if one is given.
  func call(batch: UUID? = nil) -> String { map(\.text).call(batch: batch) }
}

extension [String] {
  /// A call of these texts of events.
  func call(batch: UUID? = nil) -> String {
    let id = batch.map { "\"batch_id\":\"\($0.uuidString)\"," } ?? ""
    return "{\(id)\"events\":[\(joined(separator: ","))]}"
  }
}
