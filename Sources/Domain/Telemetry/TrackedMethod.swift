/// The request methods that can be tracked: those of RFC 9110, and PATCH of RFC 5789.
public enum TrackedMethod: String, CaseIterable, Sendable {
  /// GET
  case get = "GET"
  /// HEAD
  case head = "HEAD"
  /// POST
  case post = "POST"
  /// PUT
  case put = "PUT"
  /// DELETE
  case delete = "DELETE"
  /// CONNECT
  case connect = "CONNECT"
  /// OPTIONS
  case options = "OPTIONS"
  /// TRACE
  case trace = "TRACE"
  /// PATCH
  case patch = "PATCH"

  /// What an error says is allowed.
  static let allowed = allCases.map(\.rawValue).joined(separator: ", ")

  /// The method of a name in any case. Methods are case-sensitive on the wire, but many logs write them small.
  init?(_ name: UnsafeBufferPointer<UInt8>) {
    // Packed into a word, upper case, a name is one comparison. None is longer than seven bytes.
    guard name.count <= 7 else { return nil }
    var packed: UInt64 = 0
    for byte in name { packed = packed << 8 | UInt64(ASCII.uppercased(byte)) }
    switch packed {
    case 0x47_4554: self = .get
    case 0x4845_4144: self = .head
    case 0x504F_5354: self = .post
    case 0x50_5554: self = .put
    case 0x4445_4C45_5445: self = .delete
    case 0x43_4F4E_4E45_4354: self = .connect
    case 0x4F_5054_494F_4E53: self = .options
    case 0x54_5241_4345: self = .trace
    case 0x50_4154_4348: self = .patch
    default: return nil
    }
  }
}
