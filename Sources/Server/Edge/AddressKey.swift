import Application
import NIOCore

/// A client by its network address: an IPv4 address, or an IPv6 network of 64 bits. Whoever has one IPv6 address has at least as many
/// as that; a home is often given 256 of them, its ``site``.
struct AddressKey: Hashable, Sendable {
  private enum Kind { case v4, v6, site }

  private let kind: Kind
  private let bits: UInt64

  /// From the 4 or 16 bytes of an address.
  init(_ bytes: [UInt8]) {
    kind = bytes.count > 4 ? .v6 : .v4
    bits = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private init(_ kind: Kind, _ bits: UInt64) { (self.kind, self.bits) = (kind, bits) }

  /// The 48 bits of an IPv6 network: the most that one customer is commonly given. Nil for what is no such network.
  var site: AddressKey? { kind == .v6 ? AddressKey(.site, bits >> 16) : nil }

  /// Who is at the other end of an accepted socket; nil for what has no network address. On the channel's event loop: NIO itself asks
  /// only when the channel is active, which is after it has been set up.
  static func peer(of channel: any Channel) -> [UInt8]? {
    let bytes: [UInt8]?? = try? channel.pipeline.syncOperations
      .withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { AddressRange.peer(of: $0) }
    return bytes ?? nil
  }
}
