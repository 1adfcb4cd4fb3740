/// A request method that can be tracked: any token of HTTP (RFC 9110, section 5.6.2) of at most 40 bytes, such as GET, PROPFIND or a
/// method of the customer's own.
///
/// Methods are case-sensitive on the wire, but many logs write them small: those of RFC 9110, and PATCH of RFC 5789, are upper case
/// however they were sent. All others stay as they were sent.
package struct TrackedMethod: RawRepresentable, Hashable, Sendable {
  /// As it is recorded. It holds nothing that JSON would escape.
  package let rawValue: String

  /// Bytes of a method. The longest registered one has 17 (UPDATEREDIRECTREF).
  package static let maximumBytes = 40

  /// What an error says is allowed.
  package static let allowed = "a method such as GET or PROPFIND: a token (RFC 9110) of 1 to \(maximumBytes) bytes"

  @inline(__always)
  private init(known: String) { rawValue = known }

  /// The method of a name; nil where it is none.
  package init?(rawValue: String) {
    var name = rawValue
    guard let method = name.withUTF8({ TrackedMethod($0) }) else { return nil }
    self = method
  }

  /// The method of a name.
  init?(_ name: UnsafeBufferPointer<UInt8>) {
    if let known = Self.known(name) {
      self = known
      return
    }
    guard (1...Self.maximumBytes).contains(name.count), name.allSatisfy(Self.isTokenByte) else { return nil }
    rawValue = String(decoding: name, as: UTF8.self)
  }

  /// The nine that nearly every request has. Packed into a word, upper case, a name is one comparison; none is longer than seven bytes.
  private static func known(_ name: UnsafeBufferPointer<UInt8>) -> TrackedMethod? {
    guard name.count <= 7 else { return nil }
    var packed: UInt64 = 0
    for byte in name { packed = packed << 8 | UInt64(ASCII.uppercased(byte)) }
    return switch packed {
    case 0x47_4554: .get
    case 0x4845_4144: .head
    case 0x504F_5354: .post
    case 0x50_5554: .put
    case 0x4445_4C45_5445: .delete
    case 0x43_4F4E_4E45_4354: .connect
    case 0x4F_5054_494F_4E53: .options
    case 0x54_5241_4345: .trace
    case 0x50_4154_4348: .patch
    default: nil
    }
  }

  /// `tchar` of RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    if ASCII.isLetter(byte) || ASCII.isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "'"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
      UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      return true
    default: return false
    }
  }
}

extension TrackedMethod {
  // Worked out at each use: a string of so few bytes is a constant, where a stored one would be asked for behind a lock.
  /// GET
  package static var get: Self { Self(known: "GET") }
  /// HEAD
  package static var head: Self { Self(known: "HEAD") }
  /// POST
  package static var post: Self { Self(known: "POST") }
  /// PUT
  package static var put: Self { Self(known: "PUT") }
  /// DELETE
  package static var delete: Self { Self(known: "DELETE") }
  /// CONNECT
  package static var connect: Self { Self(known: "CONNECT") }
  /// OPTIONS
  package static var options: Self { Self(known: "OPTIONS") }
  /// TRACE
  package static var trace: Self { Self(known: "TRACE") }
  /// PATCH
  package static var patch: Self { Self(known: "PATCH") }
}
