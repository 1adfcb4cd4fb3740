/// Where a value stands in the scanned bytes. For a string, the places are those within the quotes.
package struct JSONToken {
  /// What a value is.
  package enum Kind: UInt8 {
    /// Those of RFC 8259.
    case string, number, object, array, `true`, `false`, null
  }

  /// What it is.
  package let kind: Kind
  let start: Int
  let end: Int
  /// A string that must be unescaped before it is read.
  var isEscaped = false

  var count: Int { end - start }
}

/// A string that is grammatical but no Unicode text.
package struct JSONTextFlaw {
  enum Kind {
    case invalidUTF8, loneSurrogate
  }

  let kind: Kind
  let offset: Int
}

/// Why bytes are not JSON.
package struct JSONSyntaxError: Error {
  let offset: Int
  let expected: String
  let found: String
}
