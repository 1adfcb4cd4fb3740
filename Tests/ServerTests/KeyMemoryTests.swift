import Crypto
import Domain
import Foundation
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// What a server remembers of keys, and who can drive it out.
@Suite struct KeyMemoryTests {
  private static func digest(_ number: Int) -> SHA256Digest { SHA256.hash(data: Array("\(number)".utf8)) }

  private static func isKnown(_ number: Int, _ memory: KeyMemory<Int>, now: Instant = 0) -> Bool {
    if case .grant(number) = memory.found(digest(number), now: now) { true } else { false }
  }

  @Test func madeUpKeysDriveNoRealOneOut() {
    var memory = KeyMemory<Int>(capacity: 10, nobodysCapacity: 20)
    memory.remember(1, of: UUID(), Self.digest(1), now: 0, generation: memory.generation)
    for number in 100..<1_000 { memory.rememberNobodys(Self.digest(number), now: 0) }
    #expect(Self.isKnown(1, memory))
    guard case .nobodys = memory.found(Self.digest(999), now: 499) else { return #expect(Bool(false)) }
    guard case .unheardOf = memory.found(Self.digest(100), now: 0) else { return #expect(Bool(false), "bounded") }
  }

  @Test func whatWasBeingLookedUpWhenAKeyWasRevokedIsNotTrusted() {
    var memory = KeyMemory<Int>()
    let project = UUID()
    let begun = memory.generation
    memory.forget(project: project)
    memory.remember(1, of: project, Self.digest(1), now: 0, generation: begun)
    guard case .stale = memory.found(Self.digest(1), now: 0) else { return #expect(Bool(false)) }
    memory.remember(1, of: project, Self.digest(1), now: 0, generation: memory.generation)
    #expect(Self.isKnown(1, memory, now: 499) && !Self.isKnown(1, memory, now: 500))
    #expect(!Self.isKnown(1, memory, now: -1), "a clock that steps back")
    memory.forget(project: UUID())
    #expect(Self.isKnown(1, memory), "another project")
    memory.forget(project: project)
    guard case .stale = memory.found(Self.digest(1), now: 0) else { return #expect(Bool(false), "known to be real") }
  }
}
