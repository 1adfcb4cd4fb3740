import Domain
import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Application

/// What guessing costs.
@Suite struct SecretLookUpTests {
  private final class Asked: Sendable {
    private let hashes = Mutex<[String]>([])
    private let atATime = Mutex((now: 0, most: 0))

    func ask(_ hash: String) async -> SecretLookUp<Int>.Found? {
      hashes.withLock { $0.append(hash) }
      atATime.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      await Task.yield()
      atATime.withLock { $0.now -= 1 }
      return nil
    }

    var count: Int { hashes.withLock { $0.count } }
    var most: Int { atATime.withLock { $0.most } }
  }

  private struct Malformed: Error {}

  private static func lookUp(_ asked: Asked) -> SecretLookUp<Int> {
    SecretLookUp {
      guard LinkToken(parsing: $0) != nil else { throw Malformed() }
    } ask: {
      await asked.ask($0)
    }
  }

  private static func token() throws -> String {
    try LinkToken(randomBytes: (0..<32).map { _ in UInt8.random(in: 0...255) }).secret
  }

  private let now: Instant = 1_764_000_000_000

  @Test func whatIsMalformedIsNotLookedUp() async throws {
    let asked = Asked()
    let lookUp = Self.lookUp(asked)
    let wrong = String(try Self.token().dropLast()) + "_"
    for text in ["", "x", wrong] {
      await #expect(throws: Malformed.self) { try await lookUp(text, now: now) }
    }
    #expect(asked.count == 0)
  }

  @Test func whatNobodyHasIsLookedUpOnceForAWhile() async throws {
    let (asked, token) = (Asked(), try Self.token())
    let lookUp = Self.lookUp(asked)
    for _ in 0..<10 { #expect(try await lookUp(token, now: now) == nil) }
    #expect(asked.count == 1)
    #expect(try await lookUp(token, now: now + .seconds(1)) == nil)
    #expect(asked.count == 2)
  }

  @Test func guessesAreLookedUpOneAfterTheOther() async throws {
    let asked = Asked()
    let lookUp = Self.lookUp(asked)
    try await withThrowingTaskGroup(of: Int?.self) { group in
      for token in try (0..<50).map({ _ in try Self.token() }) {
        group.addTask { [now] in try await lookUp(token, now: now) }
      }
      for try await found in group { #expect(found == nil) }
    }
    #expect(asked.count == 50 && asked.most == 1)
  }
}
