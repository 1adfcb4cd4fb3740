/// Values by key, those that were used last. Bounded: beyond its capacity, what was not used for the longest goes first.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let value: Value
    let weight: Int
    var lastUse: UInt64
  }

  private let capacity: Int
  private var entries: [Key: Entry] = [:]
  private var weight = 0
  private var uses: UInt64 = 0

  /// - Parameter capacity: bytes, roughly.
  init(capacity: Int) { self.capacity = capacity }

  /// The value of a key, which is hereby used.
  mutating func value(_ key: Key) -> Value? {
    guard let index = entries.index(forKey: key) else { return nil }
    uses += 1
    entries.values[index].lastUse = uses
    return entries.values[index].value
  }

  /// Keeps a value in the place of the key's one before. One that would drive out all others is not worth it.
  mutating func put(_ value: Value, weighing weight: Int, for key: Key) {
    guard weight < capacity / 4 else { return }
    uses += 1
    let entry = Entry(value: value, weight: weight, lastUse: uses)
    self.weight += weight - (entries.updateValue(entry, forKey: key)?.weight ?? 0)
    if self.weight > capacity { forget(downTo: capacity / 4 * 3) }
  }

  /// A quarter at a time, so that sorting costs little for each.
  private mutating func forget(downTo least: Int) {
    for (key, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
      guard weight > least else { return }
      entries[key] = nil
      weight -= entry.weight
    }
  }
}
