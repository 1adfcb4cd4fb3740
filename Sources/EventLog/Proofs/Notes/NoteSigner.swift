import Crypto
import Foundation

/// A private key that notes are signed with, written `PRIVATE+KEY+NAME+ID+BASE64` as golang.org/x/mod/sumdb/note has it.
package struct NoteSigner: Sendable {
  private static let prefix = "PRIVATE+KEY+"
  private let key: Curve25519.Signing.PrivateKey
  /// What its notes are verified with.
  package let verifier: VerifierKey

  /// A key just drawn. Throws ``NoteError/notAKey(_:)`` for a name with spaces or a plus.
  package init(drawnFor name: String) throws(NoteError) {
    guard NoteKey.isName(name) else { throw .notAKey("the name \(name)") }
    self.init(name: name, key: Curve25519.Signing.PrivateKey())
  }

  private init(name: String, key: Curve25519.Signing.PrivateKey) {
    self.key = key
    verifier = VerifierKey(name: name, key: Array(key.publicKey.rawRepresentation))
  }

  /// From its secret form. Throws ``NoteError/notAKey(_:)``, which tells nothing of the secret.
  package init(parsing text: some StringProtocol) throws(NoteError) {
    guard text.hasPrefix(Self.prefix) else { throw .notAKey("a line without \(Self.prefix)") }
    let (name, id, seed) = try NoteKey.parse(text.dropFirst(Self.prefix.count))
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { throw .notAKey(name) }
    self.init(name: name, key: key)
    guard verifier.id == id else {
      throw .notAKey("the id \(NoteKey.hex(id)) where \(verifier.hexID) is that of the key")
    }
  }

  /// The secret form, for a file that nobody else reads.
  var secret: String {
    Self.prefix + NoteKey.text(name: verifier.name, id: verifier.id, key: Array(key.rawRepresentation))
  }

  func signature(of text: String) throws -> NoteSignature {
    NoteSignature(
      name: verifier.name, keyID: verifier.id, signature: Array(try key.signature(for: Data(text.utf8))))
  }
}
