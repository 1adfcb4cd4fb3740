import Foundation

/// Text and who signed it, in the format of c2sp.org/signed-note: the text, an empty line, and a line for each signature. The text must
/// be ignored until a trusted key has been found among the signatures (``VerifierKey/verify(_:)``).
package struct SignedNote: Sendable, Hashable, CustomStringConvertible {
  /// What was signed, its last newline included.
  package var text: String
  /// By whom.
  package var signatures: [NoteSignature]

  /// As it is published.
  package var description: String { text + "\n" + signatures.map { "\($0)\n" }.joined() }

  init(text: String, signatures: [NoteSignature]) {
    self.text = text
    self.signatures = signatures
  }

  /// From its published form. Throws ``NoteError/notANote(_:)``.
  package init(parsing note: String) throws(NoteError) {
    guard note.unicodeScalars.allSatisfy({ $0 == "\n" || $0.value >= 0x20 }) else {
      throw .notANote("control characters other than a newline")
    }
    guard let gap = note.range(of: "\n\n", options: .backwards), note.hasSuffix("\n") else {
      throw .notANote("no empty line between text and signatures")
    }
    text = note[..<gap.lowerBound] + "\n"
    signatures = []
    for line in note[gap.upperBound...].dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      signatures.append(try NoteSignature(parsing: line))
    }
  }
}

/// A line of a note: which key signed it, and the signature.
package struct NoteSignature: Sendable, Hashable, CustomStringConvertible {
  var name: String
  /// Tells keys of one name apart; no proof of anything.
  var keyID: UInt32
  var signature: [UInt8]

  /// The line, without its end.
  package var description: String {
    let bytes = withUnsafeBytes(of: keyID.bigEndian, Array.init) + signature
    return "— \(name) \(Data(bytes).base64EncodedString())"
  }

  init(name: String, keyID: UInt32, signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  fileprivate init(parsing line: Substring) throws(NoteError) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "—", NoteKey.isName(parts[1]),
      let bytes = Data(base64Encoded: String(parts[2])), bytes.count > 4
    else { throw .notANote("a signature line that reads \(line.prefix(80))") }
    name = String(parts[1])
    keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    signature = Array(bytes.dropFirst(4))
  }
}

/// Why a note, or a key for notes, won't do.
package enum NoteError: Error, Equatable, CustomStringConvertible {
  /// It is not in the format of c2sp.org/signed-note.
  case notANote(String)
  /// It is not in the format of a verifier's or signer's key.
  case notAKey(String)
  /// None of its signatures is by this key.
  case notSigned(by: String)
  /// It says to be signed by this key, and is not.
  case forged(as: String)

  /// Says what was found.
  package var description: String {
    switch self {
    case .notANote(let found): "not a signed note (c2sp.org/signed-note): found \(found)"
    case .notAKey(let found): "not a key for signed notes: found \(found); allowed: NAME+ID+BASE64 of an Ed25519 key"
    case .notSigned(let key): "none of its signatures is by the key \(key)"
    case .forged(let key):
      "its signature by the key \(key) does not belong to this text: it was changed, or never signed"
    }
  }
}
