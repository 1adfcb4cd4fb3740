extension Percentile: CustomStringConvertible {
  /// Of a text such as `50` or `99.9`: 0 to 100, with up to three decimals. Nil where it is none.
  package init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ (1...3).contains($0.count) && $0.allSatisfy(ASCII.isDigit) }) else {
      return nil
    }
    let digits = parts.joined() + Array(repeating: UInt8(ascii: "0"), count: parts.count == 2 ? 3 - parts[1].count : 3)
    self.init(thousandths: digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) })
  }

  /// The same text in its shortest form.
  package var description: String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
    guard rest > 0 else { return String(whole) }
    var decimals = String(1_000 + rest).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals)"
  }
}
