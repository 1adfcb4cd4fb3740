import Foundation

/// A port of the loopback interface that is taken, so that no server can get it, but that nobody listens on: connections to it
/// are refused for as long as it lives.
package final class DeafPort: Sendable {
  /// Its number.
  package let number: Int
  private let descriptor: Int32

  /// Takes a free one.
  package init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    number = Int(UInt16(bigEndian: address.sin_port))
    guard isBound else { throw CocoaError(.fileNoSuchFile) }
  }

  deinit { close(descriptor) }
}
