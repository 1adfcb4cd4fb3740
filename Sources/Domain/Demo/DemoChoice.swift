/// One of several, some likelier than others.
struct DemoChoice<Element: Sendable>: Sendable {
  private let elements: [Element]
  /// For each the weight of it and of all before it.
  private let sums: [Double]

  /// By a power law: the second is half as likely as the first, the third a third as likely.
  init(byRank elements: [Element]) {
    self.elements = elements
    var sum = 0.0
    sums = elements.indices.map { index in
      sum += 1 / Double(index + 1)
      return sum
    }
  }

  func callAsFunction(_ random: inout DemoRandom) -> Element {
    let drawn = random.unit() * (sums.last ?? 0)
    return elements[min(sums.partitionedIndex { $0 > drawn }, elements.count - 1)]
  }
}

extension [Double] {
  /// The first index of an ascending array from which on something holds; its count where it never does.
  fileprivate func partitionedIndex(where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
