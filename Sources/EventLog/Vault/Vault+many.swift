import Crypto
package import Foundation
import Postgres

extension Vault {
  /// Something sealed, and the person it was sealed for.
  package struct Sealed: Sendable {
    let text: String
    let subject: UUID

    /// Base64 as ``Vault/seal(_:for:)`` gave it.
    package init(_ text: String, of subject: UUID) {
      self.text = text
      self.subject = subject
    }
  }

  /// What was sealed, for a page of rows with one look-up of keys; nil for what can't be opened, because the person has been erased
  /// or because it was not sealed for them. One bad row must not hide all others.
  package func open(_ sealed: [Sealed?]) async throws -> [String?] {
    let subjects = Array(Set(sealed.compactMap { $0?.subject }))
    guard !subjects.isEmpty else { return sealed.map { _ in nil } }
    let rows = try await pool.query("SELECT subject, key FROM vault.keys WHERE subject = ANY(\(subjects))")
    var keys: [UUID: SymmetricKey] = [:]
    for row in rows {
      keys[try row.decode("subject")] = try row.decode("key", as: [UInt8]?.self).map { SymmetricKey(data: $0) }
    }
    return sealed.map { sealed in
      guard let sealed, let key = keys[sealed.subject], let data = Data(base64Encoded: sealed.text),
        let box = try? AES.GCM.SealedBox(combined: data), let opened = try? AES.GCM.open(box, using: key)
      else { return nil }
      return String(decoding: opened, as: UTF8.self)
    }
  }
}
