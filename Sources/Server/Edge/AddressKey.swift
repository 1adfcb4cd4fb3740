import NIOCore

/// A client by its network address: an IPv4 address, or an IPv6 network of 64 bits. Whoever has one IPv6 address has at least as many
/// as that.
struct AddressKey: Hashable, Sendable {
  private let isV6: Bool
  private let bits: UInt64

  /// From the 4 or 16 bytes of an address.
  init(_ bytes: [UInt8]) {
    isV6 = bytes.count > 4
    bits = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Who is at the other end of an accepted socket; nil for what has no network address. On the channel's event loop: NIO itself asks
  /// only when the channel is active, which is after it has been set up.
  static func peer(of channel: any Channel) -> [UInt8]? {
    let bytes: [UInt8]?? = try? channel.pipeline.syncOperations
      .withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { AddressRange.peer(of: $0) }
    return bytes ?? nil
  }
}
