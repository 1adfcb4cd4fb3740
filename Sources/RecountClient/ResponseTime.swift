/// A response time as an exact decimal number of milliseconds: 0.2477829 s is 247.7829 ms and not a rounding of it.
public struct ResponseTime: Sendable, Hashable {
  /// The value is significand / 10^scale milliseconds, with no zeros to spare, so that equal times are equal values.
  private let significand: Int64
  private let scale: Int

  /// No time at all.
  public static let zero = ResponseTime(.zero)

  /// What a clock measured, to the nanosecond.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(significand: seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000, nonNegativeScale: 6)
  }

  /// The shortest decimal that reads as this number. `nil` for one that is infinite or not a number.
  public init?(milliseconds: Double) {
    guard milliseconds.isFinite else { return nil }
    self.init(decimal: ArraySlice("\(milliseconds)".utf8), unitScale: 0)
  }

  /// A decimal number of milliseconds, such as `247.7829`. `nil` when the text is none, or has more than 18 digits.
  public init?(milliseconds text: some StringProtocol) { self.init(decimal: ArraySlice(text.utf8), unitScale: 0) }

  /// A decimal number of seconds, such as `0.2477829`. `nil` when the text is none, or has more than 18 digits.
  public init?(seconds text: some StringProtocol) { self.init(decimal: ArraySlice(text.utf8), unitScale: -3) }

  /// A decimal in a unit of 10^-unitScale milliseconds: -3 for seconds, 3 for microseconds. Not generic: across modules
  /// that would be slow, and an importer calls it for every line.
  package init?(decimal text: ArraySlice<UInt8>, unitScale: Int) {
    guard let parts = DecimalParts(text) else { return nil }
    var (significand, scale) = (parts.significand, parts.scale + unitScale)
    guard significand != 0 else {
      self.init(significand: 0, nonNegativeScale: 0)
      return
    }
    while scale < 0 {
      let (product, overflow) = significand.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      (significand, scale) = (product, scale + 1)
    }
    self.init(significand: significand, nonNegativeScale: scale)
  }

  private init(significand: Int64, nonNegativeScale: Int) {
    var (significand, scale) = (significand, nonNegativeScale)
    while scale > 0, significand % 10 == 0 { (significand, scale) = (significand / 10, scale - 1) }
    self.significand = significand
    self.scale = scale
  }
}

extension ResponseTime: Comparable {
  /// Shorter is less.
  public static func < (a: ResponseTime, b: ResponseTime) -> Bool {
    guard a.scale != b.scale else { return a.significand < b.significand }
    return a.approximateMilliseconds < b.approximateMilliseconds
  }

  /// The nearest binary number, for comparison with a limit and for display.
  public var approximateMilliseconds: Double {
    (0..<scale).reduce(into: Double(significand)) { value, _ in value /= 10 }
  }
}

extension ResponseTime: CustomStringConvertible {
  /// The number of milliseconds as JSON writes it.
  public var description: String {
    var json: [UInt8] = []
    write(to: &json)
    return String(decoding: json, as: UTF8.self)
  }

  func write(to json: inout [UInt8]) {
    let digits = String(significand.magnitude)
    if significand < 0 { json.append(UInt8(ascii: "-")) }
    let padding = max(0, scale + 1 - digits.utf8.count)
    json.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: padding))
    json += digits.utf8
    if scale > 0 { json.insert(UInt8(ascii: "."), at: json.count - scale) }
  }
}
