import Foundation
public import RecountClient

/// One event of the track API in JSON per line:
///
///     {"endpoint":"/v2/x","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"2026-11-24T10:00:00.123Z"}
///
/// Other members are passed over, `api_key` too: the import sends its own key. A line with an `event_id` is refused, for the import
/// gives each line an id of its own, and dropping theirs would count an event twice that was sent under it before.
public struct JSONLinesFormat: LogFormat {
  /// The format.
  public init() {}

  /// The request that the line tells of.
  public func parse(_ line: ArraySlice<UInt8>) throws(LineError) -> TrackEvent {
    let fields = try decode(line)
    if fields.eventID != nil {
      throw LineError(
        "event_id is given, but an import gives each line an id of its own: send such events to the API itself")
    }
    guard let time = Timestamp(rfc3339: fields.timestamp) else {
      throw LineError("timestamp is \(fields.timestamp.utf8.shown), allowed is RFC 3339 with a zone")
    }
    guard let responseTime = ResponseTime(milliseconds: fields.responseTime) else {
      throw LineError("response_time_ms is \(fields.responseTime), allowed are 0 to 3600000")
    }
    return TrackEvent(
      endpoint: try TrackRules.endpoint(fields.endpoint.utf8), method: try TrackRules.method(fields.method.utf8),
      statusCode: try TrackRules.status(String(fields.status).utf8),
      responseTime: try TrackRules.responseTime(responseTime), timestamp: time)
  }

  private func decode(_ line: ArraySlice<UInt8>) throws(LineError) -> Fields {
    guard JSONDepth.isReadable(line) else { throw LineError("not a JSON object: \(line.shown)") }
    do {
      return try JSONDecoder().decode(Fields.self, from: Data(line))
    } catch DecodingError.keyNotFound(let key, _) {
      throw LineError("\(key.stringValue) is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      let field = context.codingPath.last?.stringValue ?? "the line"
      throw LineError("\(field) is of another type: \(context.debugDescription)")
    } catch {
      throw LineError("not a JSON object: \(line.shown)")
    }
  }

  private struct Fields: Decodable {
    let endpoint: String
    let method: String
    let status: Int
    let responseTime: Double
    let timestamp: String
    let eventID: String?

    enum CodingKeys: String, CodingKey {
      case endpoint, method, timestamp
      case status = "status_code"
      case responseTime = "response_time_ms"
      case eventID = "event_id"
    }
  }
}
