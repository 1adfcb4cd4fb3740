import Glibc

/// An address that a host's name stands for.
struct NetworkAddress: Sendable, Hashable {
  /// 4 of IPv4, 16 of IPv6, as they came: an IPv4 address written as IPv6 stays one of IPv6.
  let bytes: [UInt8]

  /// Nil for what is neither 4 nor 16 bytes.
  init?(_ bytes: [UInt8]) {
    guard [4, 16].contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// As it is connected to.
  var text: String {
    var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &characters, socklen_t(characters.count)) != nil else { return "" }
    return String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether it is somebody's out on the Internet, and nothing that leads back to us: no loopback, no private or link-local network, no
  /// multicast, and none of IPv6 that stands for one of IPv4 (mapped, compatible, translated, 6to4, Teredo). By IANA's registries of
  /// special-purpose addresses.
  var isPublic: Bool {
    if bytes.count == 4 { return !Self.special4.contains { $0.contains(bytes) } }
    return Self.global6.contains { $0.contains(bytes) } && !Self.special6.contains { $0.contains(bytes) }
  }

  private static let special4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
  ].compactMap { AddressRange($0) }

  /// All that is given out.
  private static let global6 = ["2000::/3"].compactMap { AddressRange($0) }

  private static let special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]
    .compactMap { AddressRange($0) }
}
