import Crypto
import Foundation
import Postgres
import TestDatabase

/// All that a database holds, row by row as text, and all that can be unsealed with the keys it holds.
struct Remains {
  private let plain: String
  private let unsealed: String

  init(of test: TestLog) async throws {
    let tables = try await test.owner.query(
      """
      SELECT format('SELECT t::text AS row FROM %I.%I AS t', n.nspname, c.relname) AS query
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      """)
    var rows: [String] = []
    for table in tables {
      let query = Query(try table.decode("query", as: String.self), [])
      rows += try await test.owner.query(query).map { try $0.decode("row", as: String.self) }
    }
    plain = rows.joined(separator: "\n")
    unsealed = Self.unseal(plain, with: try await Self.keys(test)).joined(separator: "\n")
  }

  /// In whatever way a row may hold a text: as it is, escaped, in hex, or in base64 at any place of its groups of three.
  func isInPlaintext(_ text: String) -> Bool {
    let bytes = Data(text.utf8)
    let hex = bytes.map { String(format: "%02x", $0) }.joined()
    let base64 = (0..<3).map { shift in
      // The characters at either end depend on the neighbours.
      let encoded = (Data(repeating: 0, count: shift) + bytes).base64EncodedString()
      return String(encoded.dropFirst(4).prefix { $0 != "=" }.dropLast(1))
    }
    let escaped = text.unicodeScalars.map { $0.isASCII ? String($0) : String(format: "\\u%04x", $0.value) }.joined()
    return [text, escaped, hex].contains { plain.localizedCaseInsensitiveContains($0) }
      || base64.contains { $0.count > 8 && plain.contains($0) }
  }

  func canBeRead(_ text: String) -> Bool { unsealed.localizedCaseInsensitiveContains(text) }

  private static func keys(_ test: TestLog) async throws -> [SymmetricKey] {
    try await test.owner.query(
      "SELECT key FROM vault.keys WHERE key IS NOT NULL UNION ALL SELECT value FROM vault.secrets"
    )
    .map { SymmetricKey(data: try $0.decode("key", as: [UInt8].self)) }
  }

  /// Whatever in a text is base64 of something that one of the keys opens.
  private static func unseal(_ text: String, with keys: [SymmetricKey]) -> [String] {
    let candidates = Set(text.matches(of: /[A-Za-z0-9+\/]{38,}={0,2}/).map { String($0.output) })
    return candidates.compactMap { Data(base64Encoded: $0) }.compactMap { data in
      guard let box = try? AES.GCM.SealedBox(combined: data) else { return nil }
      return keys.lazy.compactMap { try? AES.GCM.open(box, using: $0) }.first
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
