/// The statements a connection has prepared, by text and parameter types.
struct PreparedStatements {
  private var names: [Key: String] = [:]
  private var counter = 0

  /// More than any program of ours has statements; a bound all the same, for each costs the server memory.
  static let capacity = 256

  struct Key: Hashable {
    let sql: String
    let types: [UInt32]
  }

  var isFull: Bool { names.count >= Self.capacity }

  subscript(key: Key) -> String? { names[key] }

  mutating func add(_ key: Key) -> String {
    counter += 1
    let name = "s\(counter)"
    names[key] = name
    return name
  }

  mutating func remove(_ key: Key) { names[key] = nil }
  mutating func removeAll() { names = [:] }
}
