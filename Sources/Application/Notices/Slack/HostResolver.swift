import Dispatch
import Glibc

/// Finds the addresses that a host's name stands for at this moment.
struct HostResolver: Sendable {
  /// All of them. Throws ``NoAddress``.
  let addresses: @Sendable (String) async throws -> [NetworkAddress]

  /// The system's way. It blocks, and so has a thread of its own while it looks.
  static let system = HostResolver { host in
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try HostResolver.lookUp(host) }) }
    }
  }

  private static func lookUp(_ host: String) throws -> [NetworkAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &first)
    guard code == 0 else { throw NoAddress(host: host, reason: String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(first) }
    var found: [NetworkAddress] = []
    var next = first
    while let entry = next {
      if let address = address(of: entry.pointee) { found.append(address) }
      next = entry.pointee.ai_next
    }
    return found
  }

  private static func address(of entry: addrinfo) -> NetworkAddress? {
    let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(entry.ai_addr), count: Int(entry.ai_addrlen))
    switch entry.ai_family {
    case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
      return withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr) { NetworkAddress(Array($0)) }
    case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
      return withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { NetworkAddress(Array($0)) }
    default: return nil
    }
  }
}

/// A name that stands for no address now.
struct NoAddress: Error, CustomStringConvertible {
  let host: String
  let reason: String
  var description: String { "no address of \(host): \(reason)" }
}
