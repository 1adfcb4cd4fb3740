import DequeModule
import Domain
import Foundation

/// Hashes passwords on threads of its own, a few at a time: a flood of log-ins can neither stop the event loops nor take all memory.
/// When too many wait, the rest are told to come back.
actor PasswordHasher {
  private let cost: Argon2.Cost
  /// One per core: more would only share the cores, each with its own 19 MiB.
  private let atOnce: Int
  /// At some 40 ms a hash and core, the last in the queue waits about a second.
  private let queueLength: Int
  private var running = 0
  private var waiting: Deque<CheckedContinuation<Void, Never>> = []
  private var dummy: String?

  init(
    cost: Argon2.Cost, atOnce: Int = max(1, ProcessInfo.processInfo.activeProcessorCount), queueLength: Int = 50
  ) {
    self.cost = cost
    self.atOnce = atOnce
    self.queueLength = queueLength
  }

  func hash(_ password: Password) async throws -> String {
    let cost = cost
    return try await work { try Argon2.hash(password, cost: cost) }
  }

  /// Whether it is the password; without a hash to compare with it is not, which takes as long to find out.
  func verify(_ password: Password, against hash: String?) async throws -> Bool {
    guard let hash else {
      let stand = try await standIn()
      _ = try await work { try Argon2.verify(password, against: stand) }
      return false
    }
    return try await work { try Argon2.verify(password, against: hash) }
  }

  /// Whether a hash was made with other parameters than are used now.
  nonisolated func isOutdated(_ hash: String) -> Bool { !Argon2.has(hash, cost: cost) }

  /// The hash of no password.
  private func standIn() async throws -> String {
    if let dummy { return dummy }
    let made = try await hash(try Password(choosing: UUID().uuidString))
    dummy = made
    return made
  }

  private func work<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await enter()
    defer { leave() }
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }

  private func enter() async throws {
    guard running >= atOnce else {
      running += 1
      return
    }
    guard waiting.count < queueLength else {
      throw PasswordsWaiting()
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// The place passes to the first who waits.
  private func leave() {
    if let next = waiting.popFirst() { next.resume() } else { running -= 1 }
  }
}
