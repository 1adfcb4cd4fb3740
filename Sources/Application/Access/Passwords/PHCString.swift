import Foundation

/// An Argon2id hash as text: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, salt and tag in base64 without padding (the PHC string format, as
/// the reference implementation writes it).
struct PHCString: Equatable {
  let cost: Argon2.Cost
  let salt: [UInt8]
  let tag: [UInt8]

  private static let prefix = "$argon2id$v=19$"
  /// What a hash may cost who holds a password against it, in KiB, passes and lanes: far above any that was ever made here.
  private static let (mostMemory, mostPasses, mostLanes): (UInt32, UInt32, UInt32) = (1_048_576, 16, 16)

  init(cost: Argon2.Cost, salt: [UInt8], tag: [UInt8]) { (self.cost, self.salt, self.tag) = (cost, salt, tag) }

  /// Nil for what is no such hash, and for one that no computer here should be made to check.
  init?(text: String) {
    guard text.hasPrefix(Self.prefix) else { return nil }
    let parts = text.dropFirst(Self.prefix.count).split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 3, let cost = Self.cost(parts[0]), let salt = Self.bytes(parts[1]), salt.count >= 8,
      let tag = Self.bytes(parts[2]), (16...64).contains(tag.count)
    else { return nil }
    (self.cost, self.salt, self.tag) = (cost, salt, tag)
  }

  var text: String {
    "\(Self.prefix)m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)$\(Self.base64(salt))$\(Self.base64(tag))"
  }

  private static func cost(_ text: Substring) -> Argon2.Cost? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3, let memory = number(parts[0], "m="), let passes = number(parts[1], "t="),
      let lanes = number(parts[2], "p="), memory <= mostMemory, (1...mostPasses).contains(passes),
      (1...mostLanes).contains(lanes)
    else { return nil }
    return Argon2.Cost(memoryKiB: memory, passes: passes, lanes: lanes)
  }

  private static func number(_ text: Substring, _ name: String) -> UInt32? {
    text.hasPrefix(name) ? UInt32(text.dropFirst(name.count)) : nil
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("=", with: "")
  }

  private static func bytes(_ text: Substring) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(base64Encoded: text + padding).map(Array.init)
  }
}
