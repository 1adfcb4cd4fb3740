import Domain
import Testing

@testable import Application
@testable import Server

/// Hashes as text, written and read here since the memory behind them is ours.
@Suite struct PHCStringTests {
  private let cost = Argon2.Cost(memoryKiB: 64, passes: 1, lanes: 1)

  @Test func aHashIsReadBackAsItWasWritten() throws {
    let password = try #require(Password(claimed: "thistle-97-gravel"))
    let text = try Argon2.hash(password, cost: cost)
    let read = try #require(PHCString(text: text))
    #expect(read.cost == cost && read.salt.count == 16 && read.tag.count == 32 && read.text == text)
    #expect(try Argon2.verify(password, against: text))
    #expect(Argon2.has(text, cost: cost) && !Argon2.has(text, cost: .standard))
  }

  /// A comparison that folds the bytes wrongly lets one wrong password in 256 in: a handful of wrong ones would not show it.
  @Test func ofThousandsOfWrongPasswordsNoneIsRight() throws {
    let right = try #require(Password(claimed: "thistle-97-gravel"))
    let text = try Argon2.hash(right, cost: cost)
    let letIn = try (0..<4_000).filter { number in
      try Argon2.verify(try #require(Password(claimed: "lurking-\(number)-gravel")), against: text)
    }
    #expect(letIn.isEmpty)
  }

  /// One bit of the tag is enough, wherever it stands.
  @Test func aTagThatDiffersInOneBitIsAnother() throws {
    let password = try #require(Password(claimed: "thistle-97-gravel"))
    let known = try #require(PHCString(text: try Argon2.hash(password, cost: cost)))
    for bit in 0..<known.tag.count * 8 {
      var tag = known.tag
      tag[bit / 8] ^= 1 << (bit % 8)
      let text = PHCString(cost: cost, salt: known.salt, tag: tag).text
      #expect(try !Argon2.verify(password, against: text), "bit \(bit)")
    }
  }

  @Test(arguments: [
    "", "$argon2id$v=19$", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=64,t=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=-64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$§§§§§§§§§§§§§§§§§§§§§§§",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc$",
  ]) func whatIsNoHashIsRefused(text: String) throws {
    #expect(PHCString(text: text) == nil)
    let password = try #require(Password(claimed: "thistle-97-gravel"))
    #expect(throws: Argon2.Failure.self) { try Argon2.verify(password, against: text) }
  }
}
