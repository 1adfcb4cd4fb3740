/// Text of strangers made fit for an error message or a log line.
enum PrintableText {
  static let maximumCharacters = 64

  /// At most 64 characters, with what is no UTF-8 replaced, and shown by ``ForeignText``.
  static func of(_ bytes: some Sequence<UInt8>) -> String {
    // A character shown is at most 4 bytes sent, so the cut is made before anything is decoded.
    let text = String(decoding: Array(bytes.prefix(maximumCharacters * 4 + 4)), as: UTF8.self)
    var shown = ""
    var count = 0
    for scalar in text.unicodeScalars {
      let piece = ForeignText.piece(scalar)
      guard count + piece.unicodeScalars.count < maximumCharacters else { return shown + "…" }
      shown += piece
      count += piece.unicodeScalars.count
    }
    return shown
  }
}
