import Domain
import Foundation
package import RecountClient

/// One event of the track API in JSON per line:
///
///     {"endpoint":"/v2/x","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"2026-11-24T10:00:00.123Z"}
///
/// and whatever else of an event there is to say. Other members are passed over, `api_key` too: the import sends its own key. A line
/// with an `event_id` is refused, for the import gives each line an id of its own, and dropping theirs would count an event twice that
/// was sent under it before.
package struct JSONLinesFormat: LogFormat {
  /// The format.
  package init() {}

  /// The request that the line tells of.
  package func parse(_ line: ArraySlice<UInt8>) throws(LineError) -> TrackEvent {
    let fields = try decode(line)
    if fields.eventID != nil {
      throw LineError(
        "event_id is given, but an import gives each line an id of its own: send such events to the API itself")
    }
    guard let time = Timestamp(rfc3339: fields.timestamp) else {
      throw LineError("timestamp is \(fields.timestamp.utf8.shown), allowed is RFC 3339 with a zone")
    }
    let method = try TrackRules.method(fields.method.utf8)
    return TrackEvent(
      endpoint: try TrackRules.endpoint(fields.endpoint.utf8, of: method), method: method.rawValue,
      statusCode: try TrackRules.status(String(fields.status).utf8),
      responseTime: try responseTime(fields), timestamp: time,
      consumer: try TrackRules.label(fields.consumer, "consumer"),
      requestBytes: try TrackRules.bytes(fields.requestBytes, "request_bytes"),
      responseBytes: try TrackRules.bytes(fields.responseBytes, "response_bytes"),
      release: try TrackRules.label(fields.release, "release"), error: try TrackRules.label(fields.error, "error"))
  }

  private func responseTime(_ fields: Fields) throws(LineError) -> ResponseTime? {
    guard let milliseconds = fields.responseTime else { return nil }
    guard let time = ResponseTime(milliseconds: milliseconds) else {
      throw LineError("response_time_ms is \(milliseconds), allowed are 0 to 3600000")
    }
    return try TrackRules.responseTime(time)
  }

  private func decode(_ line: ArraySlice<UInt8>) throws(LineError) -> Fields {
    do {
      return try ForeignJSON.decode(Fields.self, from: line)
    } catch DecodingError.keyNotFound(let key, _) {
      throw LineError("\(key.stringValue) is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      let field = context.codingPath.last?.stringValue ?? "the line"
      throw LineError("\(field) is of another type: \(context.debugDescription)")
    } catch DecodingError.dataCorrupted(let context) {
      // Which member it was, the decoder may not tell.
      let member = context.codingPath.last?.stringValue ?? "a number"
      throw LineError("\(member) can't be read: \(context.debugDescription)")
    } catch {
      throw LineError("not a JSON object: \(line.shown)")
    }
  }

  private struct Fields: Decodable {
    let endpoint: String
    let method: String
    let status: Int
    let responseTime: Double?
    let timestamp: String
    let consumer: String?
    let requestBytes: Int64?
    let responseBytes: Int64?
    let release: String?
    let error: String?
    let eventID: String?

    enum CodingKeys: String, CodingKey {
      case endpoint, method, timestamp, consumer, release, error
      case status = "status_code"
      case responseTime = "response_time_ms"
      case requestBytes = "request_bytes"
      case responseBytes = "response_bytes"
      case eventID = "event_id"
    }
  }
}
