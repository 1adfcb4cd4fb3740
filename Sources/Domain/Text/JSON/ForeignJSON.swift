package import Foundation

/// JSON that somebody else wrote, read with Foundation's decoder into a type.
///
/// That decoder ends the process when the 513th array within arrays is the text's last byte: it looks for the place of the error beyond the end.
/// So nothing reaches it that the ``JSONScanner`` does not take, which knows no other encoding than UTF-8 and goes less deep.
package enum ForeignJSON {
  /// Why a text is not read: it is no JSON in UTF-8, or nested too deep.
  package struct Refused: Error {}

  /// A value. Throws ``Refused``, or what the decoder throws.
  package static func decode<T: Decodable>(
    _ type: T.Type, from text: some ContiguousBytes, by decoder: JSONDecoder = JSONDecoder()
  ) throws -> T {
    guard isReadable(text) else { throw Refused() }
    return try decoder.decode(type, from: text.withUnsafeBytes { Data($0) })
  }

  /// Whether it can be given to the decoder, whatever that makes of it.
  package static func isReadable(_ text: some ContiguousBytes) -> Bool {
    text.withUnsafeBytes { JSONScanner.accepts($0.assumingMemoryBound(to: UInt8.self)) }
  }
}
