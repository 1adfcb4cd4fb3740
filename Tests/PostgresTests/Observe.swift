import Foundation
import Postgres

/// Waits for what only the server can tell.
enum Observe {
  /// Asks until the statement returns a row; the statement deadline of the test run bounds it.
  static func until(_ connection: Connection, _ query: Query) async throws {
    let limit = ContinuousClock.now + .seconds(120)
    while try await connection.query(query).isEmpty {
      guard ContinuousClock.now < limit else { throw PostgresError(.deadline, "never came true: \(query.sql)") }
      await Task.yield()
    }
  }
}

/// Accepts connections into its backlog and never says a word.
final class DeafServer: Sendable {
  let port: UInt16
  private let listener: Int32

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (listener, length)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else { throw CocoaError(.fileWriteUnknown) }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(listener) }
}
