/// The statements prepared on one connection: text and parameter types to the server's name, least recently used last out.
struct StatementCache {
  /// A statement is its text and the types of its parameters.
  struct Key: Hashable {
    let sql: String
    let types: [UInt32]
  }

  private struct Entry {
    let name: String
    var lastUse: UInt64
  }

  /// A plan takes some 10 to 100 kB in the server, so this bounds a connection at a few MB; a program has fewer statements.
  private static let capacity = 200

  private var entries: [Key: Entry] = [:]
  private var clock: UInt64 = 0

  /// The name of a statement that has been prepared.
  mutating func name(of key: Key) -> String? {
    clock += 1
    guard let found = entries.index(forKey: key) else { return nil }
    entries.values[found].lastUse = clock
    return entries.values[found].name
  }

  /// A name to prepare a statement under, and the name of the one that must make room for it.
  mutating func admit(_ key: Key) -> (name: String, evicted: String?) {
    clock += 1
    var evicted: String?
    if entries.count >= Self.capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      entries[oldest.key] = nil
      evicted = oldest.value.name
    }
    let entry = Entry(name: "s\(clock)", lastUse: clock)
    entries[key] = entry
    return (entry.name, evicted)
  }

  /// Forgets a statement that could not be prepared, or is stale. Returns the name it had.
  @discardableResult
  mutating func forget(_ key: Key) -> String? { entries.removeValue(forKey: key)?.name }
}
