/// How often each of some small numbers came up: statuses, buckets. Sorted, for those that come up are few.
package struct Tally: Hashable, Sendable {
  /// A number, and how often it came up.
  package struct Entry: Hashable, Sendable {
    /// The number.
    package let number: Int
    /// How often.
    package var count: Int64

    /// A number that came up so often.
    package init(number: Int, count: Int64) {
      self.number = number
      self.count = count
    }
  }

  /// In the numbers' order, none with a count of 0.
  package private(set) var entries: [Entry]

  /// Of nothing.
  package init() { entries = [] }

  /// Of entries in order, each number once, as a decoder has checked.
  init(ordered entries: [Entry]) { self.entries = entries }

  /// How often all of them came up.
  package var total: Int64 { entries.reduce(0) { $0 + $1.count } }

  /// How often those of a range came up.
  package func total(of range: ClosedRange<Int>) -> Int64 {
    entries.reduce(0) { $0 + (range.contains($1.number) ? $1.count : 0) }
  }

  /// Counts a number.
  package mutating func add(_ number: Int, count: Int64 = 1) {
    // Nearly always one that is there, and the last ones are as likely as the first.
    var place = entries.count
    while place > 0, entries[place - 1].number > number { place -= 1 }
    if place > 0, entries[place - 1].number == number {
      entries[place - 1].count += count
    } else {
      entries.insert(Entry(number: number, count: count), at: place)
    }
  }

  /// Adds another's counts.
  package mutating func add(_ other: Tally) {
    guard !other.entries.isEmpty else { return }
    guard !entries.isEmpty else {
      entries = other.entries
      return
    }
    var merged: [Entry] = []
    merged.reserveCapacity(entries.count + other.entries.count)
    var (mine, theirs) = (entries[...], other.entries[...])
    while let one = mine.first, let two = theirs.first {
      if one.number <= two.number { mine.removeFirst() }
      if two.number <= one.number { theirs.removeFirst() }
      merged.append(
        one.number == two.number
          ? Entry(number: one.number, count: one.count + two.count) : one.number < two.number ? one : two)
    }
    entries = merged + mine + theirs
  }

  /// The number at or below which at least so much of all lies, by nearest rank; nil of an empty tally.
  package func percentile(_ share: Percentile) -> Int? {
    let rank = share.rank(of: total)
    var passed: Int64 = 0
    for entry in entries {
      passed += entry.count
      if passed >= rank { return entry.number }
    }
    return nil
  }
}

/// A share of all, exactly: thousandths of a percent.
package struct Percentile: Hashable, Sendable {
  /// 99,900 is the 99.9th percentile.
  package let thousandths: Int64

  /// Nil unless it is 0 to 100,000.
  package init?(thousandths: Int64) {
    guard (0...100_000).contains(thousandths) else { return nil }
    self.thousandths = thousandths
  }

  private init(_ percent: Int64) { thousandths = percent * 1_000 }

  /// The median.
  package static let p50 = Percentile(50)
  /// The 95th.
  package static let p95 = Percentile(95)
  /// The 99th.
  package static let p99 = Percentile(99)

  /// Nearest rank, from 1 on.
  func rank(of count: Int64) -> Int64 {
    let (high, low) = count.multipliedFullWidth(by: thousandths)
    let (quotient, rest) = Int64(100_000).dividingFullWidth((high, low))
    return max(1, rest > 0 ? quotient + 1 : quotient)
  }
}
