import RecountClient

/// What the track API takes. A line that tells of something else can't be read: it is reported with its number here,
/// instead of coming back as an invalid event whose place in the file nobody knows.
enum TrackRules {
  /// The likeliest first.
  static let methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"]

  static func method(_ bytes: some Collection<UInt8>) throws(LineError) -> String {
    if let method = methods.first(where: { bytes.elementsEqual($0.utf8) }) { return method }
    let upper = String(decoding: bytes, as: UTF8.self).uppercased()
    guard methods.contains(upper) else {
      throw LineError("method is \(bytes.shown), allowed are \(methods.joined(separator: ", "))")
    }
    return upper
  }

  static func endpoint(_ bytes: some Collection<UInt8>) throws(LineError) -> String {
    guard bytes.first == UInt8(ascii: "/") else {
      throw LineError("endpoint is \(bytes.shown), it must start with /")
    }
    guard bytes.count <= 2_048 else {
      throw LineError("endpoint is \(bytes.count) bytes long, allowed are 2048")
    }
    guard let endpoint = String(validating: bytes, as: UTF8.self) else {
      throw LineError("endpoint \(bytes.shown) is not UTF-8")
    }
    return endpoint
  }

  static func status(_ bytes: some Collection<UInt8>) throws(LineError) -> Int {
    guard let status = bytes.decimalNumber, (100...599).contains(status) else {
      throw LineError("status is \(bytes.shown), allowed are 100 to 599")
    }
    return Int(status)
  }

  /// - Parameter unitScale: the text's unit is 10^-unitScale milliseconds
  static func responseTime(_ bytes: ArraySlice<UInt8>, unitScale: Int) throws(LineError) -> ResponseTime {
    guard let time = ResponseTime(decimal: bytes, unitScale: unitScale) else {
      throw LineError("response time is \(bytes.shown), allowed is a decimal number of at most 18 digits")
    }
    return try responseTime(time)
  }

  static func responseTime(_ time: ResponseTime) throws(LineError) -> ResponseTime {
    guard time >= .zero, time <= .hour else {
      throw LineError("response time is \(time) ms, allowed are 0 to 3600000")
    }
    return time
  }
}

extension ResponseTime {
  fileprivate static let hour = ResponseTime(.seconds(3_600))
}
