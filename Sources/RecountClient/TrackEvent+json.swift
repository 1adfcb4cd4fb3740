extension TrackEvent {
  /// Written by hand: a decimal goes out as it came in, and an import of millions of lines is not bound by an encoder.
  func write(to json: inout [UInt8]) {
    json += #"{"endpoint":"#.utf8
    json.append(quoting: endpoint)
    json += #","method":"#.utf8
    json.append(quoting: method)
    json += #","status_code":"#.utf8
    json += String(statusCode).utf8
    if let responseTime {
      json += #","response_time_ms":"#.utf8
      responseTime.write(to: &json)
    }
    json += #","timestamp":""#.utf8
    timestamp.write(to: &json)
    json.append(UInt8(ascii: "\""))
    json.append(#","consumer":"#, quoting: consumer)
    json.append(#","request_bytes":"#, requestBytes)
    json.append(#","response_bytes":"#, responseBytes)
    json.append(#","release":"#, quoting: release)
    json.append(#","error":"#, quoting: error)
    json.append(UInt8(ascii: "}"))
  }

  /// An upper bound of what `write(to:)` appends: an escape is at most six bytes long (`\u0000`).
  ///
  /// Of an event with the five members that there once were it never changes: an import that goes on cuts its batches by it.
  var mostBytes: Int { 6 * (endpoint.utf8.count + method.utf8.count) + 180 + mostBytesOfMore }

  private var mostBytesOfMore: Int {
    var bytes = 0
    for text in [consumer, release, error] { if let text { bytes += 6 * text.utf8.count + 16 } }
    for number in [requestBytes, responseBytes] where number != nil { bytes += 40 }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ name: String, quoting text: String?) {
    guard let text else { return }
    self += name.utf8
    append(quoting: text)
  }

  fileprivate mutating func append(_ name: String, _ number: Int64?) {
    guard let number else { return }
    self += name.utf8
    self += String(number).utf8
  }

  /// A JSON string (RFC 8259, section 7): only quote, backslash and control characters need an escape.
  fileprivate mutating func append(quoting text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case ..<0x20:
        self += #"\u00"#.utf8
        append(Self.hexDigits[Int(byte >> 4)])
        append(Self.hexDigits[Int(byte & 15)])
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}
