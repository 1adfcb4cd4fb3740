import Domain
import Testing

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
