/// Statuses that are asked for: some exactly, some by class.
package struct StatusFilter: Hashable, Sendable {
  private struct Part: Hashable {
    let range: ClosedRange<Int>
    let classes: StatusClasses
  }

  /// Those asked for, in order.
  private let parts: [Part]

  /// What a text of them may be, for an error.
  package static let allowed =
    "statuses such as 404, classes (2xx, 3xx, 4xx, 5xx), or ok (all below 400), between commas"
  /// More would only say the same again.
  private static let most = 32

  /// Of a text such as `404,5xx`; nil where it is none.
  package init?(_ text: String) {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count <= Self.most else { return nil }
    var parts: [Part] = []
    for word in words {
      guard let range = Self.range(word) else { return nil }
      parts.append(Part(range: range, classes: StatusClasses(of: range)))
    }
    self.parts = parts
  }

  private static func range(_ word: Substring) -> ClosedRange<Int>? {
    if word == "ok" { return 0...399 }
    let bytes = Array(word.utf8)
    guard bytes.count == 3, (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0]) else { return nil }
    let hundreds = Int(bytes[0] - UInt8(ascii: "0")) * 100
    if bytes[1] == UInt8(ascii: "x"), bytes[2] == UInt8(ascii: "x") { return hundreds...hundreds + 99 }
    guard bytes.allSatisfy(ASCII.isDigit), let status = Int(word) else { return nil }
    return status...status
  }

  /// Whether a status is among them.
  package func contains(_ status: Int) -> Bool { parts.contains { $0.range.contains(status) } }

  /// False: no request that lies there has any of them.
  func mayMatch(_ place: BatchPlace) -> Bool {
    parts.contains { part in
      !place.classes.isDisjoint(with: part.classes)
        && (part.range.count > 1 || place.signature.mayHold(.status(part.range.lowerBound)))
    }
  }
}
