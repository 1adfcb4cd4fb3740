extension TrackEvent {
  /// Written by hand: a decimal goes out as it came in, and an import of millions of lines is not bound by an encoder.
  func write(to json: inout [UInt8]) {
    json += #"{"endpoint":"#.utf8
    json.append(quoting: endpoint)
    json += #","method":"#.utf8
    json.append(quoting: method)
    json += #","status_code":"#.utf8
    json += String(statusCode).utf8
    json += #","response_time_ms":"#.utf8
    responseTime.write(to: &json)
    json += #","timestamp":""#.utf8
    timestamp.write(to: &json)
    json += #""}"#.utf8
  }

  /// An upper bound of what `write(to:)` appends: an escape is at most six bytes long (`\u0000`).
  var mostBytes: Int { 6 * (endpoint.utf8.count + method.utf8.count) + 180 }
}

extension [UInt8] {
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
