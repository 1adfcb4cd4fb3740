import Glibc

/// The proxies in front of the server whose word on a client's address is taken: addresses, or ranges such as 10.0.0.0/8.
///
/// Without one, X-Forwarded-For and Forwarded are ignored: anybody can write them, and would have as many addresses as they like.
package struct TrustedProxies: Sendable, Equatable {
  private let ranges: [AddressRange]

  /// Nobody's word is taken.
  package static let none = TrustedProxies(ranges: [])

  private init(ranges: [AddressRange]) { self.ranges = ranges }

  /// From addresses and ranges separated by commas. Nil when one of them is neither.
  package init?(_ text: String) {
    var ranges: [AddressRange] = []
    for part in text.split(separator: ",") {
      guard let range = AddressRange(part.trimmingPrefix(while: \.isWhitespace).description) else { return nil }
      ranges.append(range)
    }
    self.ranges = ranges
  }

  /// The address that a request comes from: the last one that no trusted proxy has, by what proxies wrote into X-Forwarded-For and
  /// Forwarded. A proxy that writes one of them passes the other on as it came, so that where they differ one may be a stranger's: then
  /// the peer is all that is known.
  package func client(behind peer: String, listed: [String], forwarded: [String] = []) -> String {
    let byList = client(behind: peer, ForwardedNodes.listed(listed))
    // One that can't be parsed says something else than the list, too: its quotes may hide what a proxy added.
    guard !forwarded.isEmpty else { return byList }
    let byElement = client(behind: peer, ForwardedNodes.forwarded(forwarded))
    return listed.isEmpty || byElement == byList ? byElement : peer
  }

  private func client(behind peer: String, _ nodes: [String?]) -> String {
    var client = peer
    var nodes = nodes
    // What is no address was written by the client itself: the proxy that passed it on is all that is known.
    while trusts(client), let last = nodes.popLast(), let previous = last { client = previous }
    return client
  }

  private func trusts(_ address: String) -> Bool {
    guard let bytes = AddressRange.bytes(address) else { return false }
    return contains(bytes)
  }

  /// Whether the 4 or 16 bytes of an address are a proxy's.
  package func contains(_ address: [UInt8]) -> Bool { ranges.contains { $0.contains(address) } }
}

/// A range of network addresses (RFC 4632): those that begin with the same bits.
package struct AddressRange: Sendable, Equatable {
  private let start: [UInt8]
  private let bits: Int

  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
    guard (1...2).contains(parts.count), let start = Self.bytes(parts[0]) else { return nil }
    guard let bits = parts.count == 1 ? start.count * 8 : Int(parts[1]), (0...start.count * 8).contains(bits) else {
      return nil
    }
    self.start = start
    self.bits = bits
  }

  package func contains(_ address: [UInt8]) -> Bool {
    guard address.count == start.count else { return false }
    return (0..<bits).allSatisfy { (address[$0 / 8] ^ start[$0 / 8]) & (0x80 >> ($0 % 8)) == 0 }
  }

  /// The 4 or 16 bytes of an address; an IPv4 address written as IPv6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
  package static func bytes(_ text: String) -> [UInt8]? {
    var v4 = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, text, &v4) == 1 { return v4 }
    var v6 = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
    return unmapped(v6)
  }

  /// The address at the other end of a socket.
  package static func peer(of socket: Int32) -> [UInt8]? {
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let got = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(socket, $0, &length) }
    }
    guard got == 0 else { return nil }
    switch Int32(address.sin6_family) {
    case AF_INET6: return unmapped(withUnsafeBytes(of: address.sin6_addr) { Array($0) })
    case AF_INET:
      return withUnsafeBytes(of: address) { bytes in
        withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
      }
    default: return nil
    }
  }

  private static func unmapped(_ v6: [UInt8]) -> [UInt8] {
    let isMapped = v6[0..<10].allSatisfy { $0 == 0 } && v6[10] == 0xFF && v6[11] == 0xFF
    return isMapped ? Array(v6[12...]) : v6
  }
}
