import Crypto
import Foundation

/// A public key that notes are verified with, written `NAME+ID+BASE64`.
package struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
  /// Whose it is: by convention a URL without its scheme.
  package let name: String
  /// As the signatures name it.
  package let id: UInt32
  private let key: [UInt8]

  /// As it is published.
  package var description: String { NoteKey.text(name: name, id: id, key: key) }
  /// The id as keys are written: eight hex digits.
  package var hexID: String { NoteKey.hex(id) }

  init(name: String, key: [UInt8]) {
    self.name = name
    self.key = key
    id = NoteKey.id(name: name, publicKey: key)
  }

  /// From its published form. Throws ``NoteError/notAKey(_:)``, also for an id that is not that of the key.
  package init(parsing text: some StringProtocol) throws(NoteError) {
    let (name, id, key) = try NoteKey.parse(text)
    self.init(name: name, key: key)
    guard self.id == id else { throw .notAKey("the id \(NoteKey.hex(id)) where \(hexID) is that of the key") }
  }

  /// The text of a note that this key has signed. Throws ``NoteError/notSigned(by:)`` or ``NoteError/forged(as:)``.
  @discardableResult
  package func verify(_ note: SignedNote) throws(NoteError) -> String {
    let own = note.signatures.filter { $0.name == name && $0.keyID == id }
    guard !own.isEmpty else { throw .notSigned(by: description) }
    guard let ed25519 = try? Curve25519.Signing.PublicKey(rawRepresentation: key),
      own.allSatisfy({ ed25519.isValidSignature($0.signature, for: Data(note.text.utf8)) })
    else { throw .forged(as: description) }
    return note.text
  }
}
