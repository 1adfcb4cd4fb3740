import Foundation

/// Where a Redis is: `redis://[[user]:password@]host[:port][/database]`, or `unix://[:password@]/path/of.socket[?db=database]`.
package struct RedisAddress: Sendable, Equatable {
  package enum Destination: Sendable, Equatable {
    case host(String, port: Int32)
    case socket(String)
  }

  package let destination: Destination
  package let user: String?
  package let password: String?
  package let database: Int

  /// What ``init(_:)`` takes, for whoever wrote something else.
  package static let allowed =
    "redis://[[user]:password@]host[:port][/database] or unix://[:password@]/path/of.socket[?db=database]"

  /// Nil for anything else, TLS included: hiredis from Debian speaks none.
  package init?(_ text: String) {
    guard let parts = URLComponents(string: text), parts.fragment == nil else { return nil }
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    password = parts.password.flatMap { $0.isEmpty ? nil : $0 }
    guard user == nil || password != nil else { return nil }
    let number: String?
    switch parts.scheme?.lowercased() {
    case "redis":
      guard let host = parts.host, !host.isEmpty, parts.queryItems == nil else { return nil }
      // A port too large to be a number is none to URLComponents.
      guard parts.rangeOfPort == nil || parts.port != nil else { return nil }
      guard let port = Int32(exactly: parts.port ?? 6379), (1...65_535).contains(port) else { return nil }
      // As the URL writes it: [::1]
      destination = .host(host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: port)
      number = parts.path.isEmpty || parts.path == "/" ? nil : String(parts.path.dropFirst())
    case "unix":
      guard parts.host.map(\.isEmpty) ?? true, parts.port == nil, parts.path.count > 1 else { return nil }
      guard let items = parts.queryItems else {
        destination = .socket(parts.path)
        number = nil
        break
      }
      guard items.count == 1, items[0].name == "db" else { return nil }
      destination = .socket(parts.path)
      number = items[0].value ?? ""
    default: return nil
    }
    guard let number else {
      database = 0
      return
    }
    guard let database = Int(number), (0...65_535).contains(database) else { return nil }
    self.database = database
  }
}

extension RedisAddress: CustomStringConvertible {
  /// Without the password: this gets into logs.
  package var description: String {
    switch destination {
    case .host(let host, let port): "\(host):\(port)/\(database)"
    case .socket(let path): "\(path)/\(database)"
    }
  }
}
