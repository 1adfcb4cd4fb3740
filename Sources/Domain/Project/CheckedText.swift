/// Secrets that people copy: random characters after a prefix, and six more that are the CRC-32 of all before them, so that a mistyped or cut-off one is
/// known without a look-up.
enum CheckedText {
  static let randomLength = 32
  static let checksumLength = 6

  /// 32 of base 62 from random bytes: they hold 32 bytes modulo 62^32, 190 bits; that some values are likelier by 2^-65 helps nobody.
  static func drawn(_ prefix: String, _ randomBytes: [UInt8]) -> String {
    let body = prefix + Base62.text(randomBytes, length: randomLength)
    return body + checksum(body.utf8)
  }

  /// Whether the last six characters belong to those before.
  static func isWhole(_ characters: [UInt8]) -> Bool {
    checksum(characters.dropLast(checksumLength)).utf8.elementsEqual(characters.suffix(checksumLength))
  }

  private static func checksum(_ body: some Sequence<UInt8>) -> String {
    let sum = CRC32.checksum(body)
    let bigEndian = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: sum >> $0) }
    return Base62.text(bigEndian, length: checksumLength)
  }
}
