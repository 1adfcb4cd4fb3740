public import Foundation

/// JSON that somebody else wrote, read with Foundation's decoder.
///
/// That decoder ends the process when the 513th array within arrays is the text's last byte: it looks for the place of the error beyond the end.
/// So nothing reaches it that is nested deeper than anything here is meant to be, nor in another encoding than UTF-8, in which depth can't be
/// seen byte by byte.
public enum ForeignJSON {
  /// Far deeper than any body, token or cursor.
  static let deepest = 64

  /// Why a text is not read.
  public struct Refused: Error {}

  /// A value. Throws ``Refused``, or what the decoder throws.
  public static func decode<T: Decodable>(
    _ type: T.Type, from data: Data, by decoder: JSONDecoder = JSONDecoder()
  ) throws -> T {
    guard isReadable(data) else { throw Refused() }
    return try decoder.decode(type, from: data)
  }

  /// Whether it can be given to the decoder, whatever that makes of it.
  public static func isReadable(_ bytes: some Sequence<UInt8>) -> Bool {
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in bytes {
      switch byte {
      // Every text in UTF-16 or UTF-32 that has a bracket has one; JSON in UTF-8 has none.
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
