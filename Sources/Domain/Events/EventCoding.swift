import Foundation

/// How events' data become JSON and are read back: members are named as in Swift, but in snake case (`accountID` is `account_id`),
/// so that no event lists its members twice.
package enum EventCoding {
  /// Parts of names that Swift writes in capitals.
  private static let acronyms: Set<Substring> = ["id", "sha"]

  /// JSON with its members in order of their names.
  package static func encode(_ value: any Encodable) throws -> [UInt8] { Array(try encoder.encode(value)) }

  /// Reads what `encode` wrote. Members that the type does not know are let by.
  package static func decode<T: Decodable>(_ type: T.Type, from json: [UInt8]) throws -> T {
    try decoder.decode(type, from: Data(json))
  }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .custom { path in Member(snakeCase(path.last?.stringValue ?? "")) }
    return encoder
  }()

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in Member(camelCase(path.last?.stringValue ?? "")) }
    return decoder
  }()

  /// `tokenSHA` is `token_sha`, `exceptSessionID` is `except_session_id`, `idOfOwner` is `id_of_owner`.
  static func snakeCase(_ name: String) -> String {
    var member = ""
    var isInCapitals = false
    for character in name {
      if character.isUppercase && !isInCapitals { member.append("_") }
      isInCapitals = character.isUppercase
      member += character.lowercased()
    }
    return member
  }

  /// The inverse.
  static func camelCase(_ member: String) -> String {
    let words = member.split(separator: "_", omittingEmptySubsequences: false)
    return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
      name + (acronyms.contains(word) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst())
    }
  }

  /// A member's name.
  private struct Member: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}
