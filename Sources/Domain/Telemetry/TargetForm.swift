/// The targets of a request that are no path (RFC 9112, section 3.2): they are endpoints of one method each, and their own templates.
package enum TargetForm {
  /// What an error says is allowed beside a path.
  package static let allowed = "* of an OPTIONS, or host:port of a CONNECT"

  /// Whether the target is one that this method is sent with, and no other.
  static func isTarget(_ target: UnsafeBufferPointer<UInt8>, of method: TrackedMethod) -> Bool {
    switch method {
    case .options: target.count == 1 && target[0] == UInt8(ascii: "*")
    case .connect: isAuthority(target)
    default: false
    }
  }

  /// The same of a text.
  package static func isTarget(_ target: String, of method: TrackedMethod) -> Bool {
    var target = target
    return target.withUTF8 { isTarget($0, of: method) }
  }

  /// `uri-host ":" port` (RFC 3986, section 3.2): a name, an IPv4 address, or an IPv6 one in brackets.
  private static func isAuthority(_ target: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let colon = target.lastIndex(of: UInt8(ascii: ":")) else { return false }
    let (host, port) = (target[..<colon], target[(colon + 1)...])
    guard isPort(port), let first = host.first else { return false }
    guard first == UInt8(ascii: "[") else { return host.allSatisfy(isNameByte) }
    return host.count > 2 && host.last == UInt8(ascii: "]")
      && host.dropFirst().dropLast().allSatisfy {
        ASCII.hexValue($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
      }
  }

  private static func isPort(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    (1...5).contains(digits.count) && digits.allSatisfy(ASCII.isDigit)
      && digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
  }

  /// Of a registered name, percent-encoded where it must be; all of it ASCII.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    if ASCII.isLetter(byte) || ASCII.isDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"),
      UInt8(ascii: "!"),
      UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
      return true
    default: return false
    }
  }
}
