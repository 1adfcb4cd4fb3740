import Domain
import RecountClient

/// What the track API takes. A line that tells of something else can't be read: it is reported with its number here,
/// instead of coming back as an invalid event whose place in the file nobody knows.
enum TrackRules {
  static func method(_ bytes: some Collection<UInt8>) throws(LineError) -> TrackedMethod {
    guard let method = TrackedMethod(rawValue: String(decoding: bytes, as: UTF8.self)) else {
      throw LineError("method is \(bytes.shown), allowed is \(TrackedMethod.allowed)")
    }
    return method
  }

  static func endpoint(_ bytes: some Collection<UInt8>, of method: TrackedMethod) throws(LineError) -> String {
    guard bytes.count <= 2_048 else {
      throw LineError("endpoint is \(bytes.count) bytes long, allowed are 2048")
    }
    guard let endpoint = String(validating: bytes, as: UTF8.self) else {
      throw LineError("endpoint \(bytes.shown) is not UTF-8")
    }
    guard bytes.first == UInt8(ascii: "/") || TargetForm.isTarget(endpoint, of: method) else {
      throw LineError("endpoint is \(bytes.shown), it must start with / or be \(TargetForm.allowed)")
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
  static func responseTime(_ bytes: ArraySlice<UInt8>, unitScale: Int) throws(LineError) -> ResponseTime? {
    guard let time = ResponseTime(decimal: bytes, unitScale: unitScale) else {
      throw LineError("response time is \(bytes.shown), allowed is a decimal number of at most 18 digits")
    }
    return try responseTime(time)
  }

  static func responseTime(_ time: ResponseTime?) throws(LineError) -> ResponseTime? {
    guard let time else { return nil }
    guard time >= .zero, time <= .hour else {
      throw LineError("response time is \(time) ms, allowed are 0 to 3600000")
    }
    return time
  }

  /// - Parameter name: what the format calls it
  static func bytes(_ count: Int64?, _ name: String) throws(LineError) -> Int64? {
    guard let count else { return nil }
    let most = Int64(TrackLimits.standard.messageBytes)
    guard (0...most).contains(count) else {
      throw LineError("\(name) is \(count), allowed are 0 to \(most) bytes")
    }
    return count
  }

  /// - Parameter name: what the format calls it
  static func label(_ text: String?, _ name: String) throws(LineError) -> String? {
    guard let text else { return nil }
    let most = TrackLimits.standard.labelCharacters
    guard NameRule.takes(text, maximumCharacters: most) else {
      throw LineError("\(name) is \(text.utf8.shown), allowed are \(NameRule.allowed(maximumCharacters: most))")
    }
    return text
  }
}

extension ResponseTime {
  fileprivate static let hour = ResponseTime(.seconds(3_600))
}
