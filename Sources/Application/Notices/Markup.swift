package import Mustache

/// How texts enter HTML: what every template of a mail or a page must be read with.
///
/// By bytes. The library's own way goes by `Character`, and one of those may be a `<` or a quote behind a scalar that joins to it (UAX #29, rules GB9
/// and GB9b), which it lets through.
package struct Markup: MustacheContentType {
  private init() {}

  /// The template of a text that is HTML. Throws the parser's error.
  package static func template(_ text: String) throws -> MustacheTemplate {
    MustacheContentTypes.register(Markup(), named: name)
    return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(name)}}\n" + text)
  }

  private static let name = "MARKUP"

  package func escapeText(_ text: String) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): output += "&lt;".utf8
      case UInt8(ascii: ">"): output += "&gt;".utf8
      case UInt8(ascii: "&"): output += "&amp;".utf8
      case UInt8(ascii: "\""): output += "&quot;".utf8
      case UInt8(ascii: "'"): output += "&#39;".utf8
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
