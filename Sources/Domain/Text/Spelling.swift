/// What somebody may have meant who mistyped.
package enum Spelling {
  /// The name that is nearest to a text, whatever the case: by as many letters as it takes to make one of the other, put in, left out,
  /// changed or swapped with a neighbour (optimal string alignment), at most a third of them. Nil where none is near.
  package static func nearest(to text: String, among names: [String]) -> String? {
    let letters = Array(text.lowercased())
    let near = names.map { (name: $0, steps: steps(letters, Array($0.lowercased()))) }
      .filter { $0.steps <= max(1, $0.name.count / 3) }
    return near.min { ($0.steps, $0.name) < ($1.steps, $1.name) }?.name
  }

  private static func steps(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var steps = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { steps = min(steps, before[j - 1] + 1) }
        row.append(steps)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
