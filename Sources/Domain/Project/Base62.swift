/// Numbers in the digits 0…9, A…Z, a…z.
enum Base62 {
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The lowest `length` digits of a big-endian number, most significant first, padded with zeros.
  static func text(_ bigEndian: [UInt8], length: Int) -> String {
    var number = bigEndian
    var text = [UInt8](repeating: digits[0], count: length)
    for place in stride(from: length - 1, through: 0, by: -1) {
      var remainder = 0
      for index in number.indices {
        let part = remainder << 8 | Int(number[index])
        number[index] = UInt8(part / 62)
        remainder = part % 62
      }
      text[place] = digits[remainder]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
