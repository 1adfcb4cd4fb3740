/// Whether JSON may be given to Foundation's decoder, which ends the process when the 513th array within arrays is the text's last byte: nothing that
/// a server answers is nested nearly as deep.
enum JSONDepth {
  private static let deepest = 64

  /// False also for any other encoding than UTF-8, in which depth can't be seen byte by byte.
  static func isReadable(_ bytes: some Sequence<UInt8>) -> Bool {
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in bytes {
      switch byte {
      case 0: return false
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\"): isEscaped = isInString
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if !isInString { depth += 1 }
        if depth > deepest { return false }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isInString { depth -= 1 }
      default: break
      }
    }
    return true
  }
}
