import Application
import Domain
import Foundation
import Logging

/// What moves while people look: for each project that anybody watches it is asked once a second, for all who watch it together. So viewers cost the
/// database nothing, however many they are.
actor LiveFeed {
  /// What viewers see move.
  struct State: Sendable, Equatable {
    /// Of the read model of usage.
    let position: Int64
    let month: MonthUsage
    /// Latest first.
    let requests: [FoundRequest]
    /// Of the read model of requests.
    let requestsPosition: Int64
  }

  /// What a viewer is told.
  enum Item: Sendable {
    case state(State)
    /// Nothing has happened: whether the viewer is there still shows when this is sent.
    case beat
  }

  /// What is watched: a project of an account, in a mode.
  struct Subject: Sendable, Hashable {
    let project, account: UUID
    let mode: KeyMode
  }

  private struct Watched {
    var viewers: [Int: AsyncStream<Item>.Continuation] = [:]
    var last: State?
    var beats = 0
  }

  private let questions: Questions
  private let clock: any WallClock
  private let logger: Logger
  private var watched: [Subject: Watched] = [:]
  private var lastViewer = 0

  private let pause: Duration
  /// So many pauses without news make a beat.
  private static let pausesToBeat = 10
  private static let latest = 10

  /// - Parameter pause: how long after a question the next is asked.
  init(questions: Questions, clock: any WallClock, pause: Duration = .seconds(1), logger: Logger) {
    self.pause = pause
    self.questions = questions
    self.clock = clock
    self.logger = logger
  }

  /// How many watch.
  var viewerCount: Int { watched.values.reduce(0) { $0 + $1.viewers.count } }

  /// What a subject comes to, at first and whenever it changes, until nobody reads the sequence any more.
  func watch(_ subject: Subject) -> AsyncStream<Item> {
    lastViewer += 1
    let viewer = lastViewer
    // A viewer that is slow is told the latest, not all there was.
    let (stream, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { [weak self] _ in
      Task { await self?.leave(subject, viewer) }
    }
    let isFirst = watched[subject] == nil
    watched[subject, default: Watched()].viewers[viewer] = continuation
    if let last = watched[subject]?.last { continuation.yield(.state(last)) }
    if isFirst { Task { await follow(subject) } }
    return stream
  }

  private func leave(_ subject: Subject, _ viewer: Int) {
    watched[subject]?.viewers[viewer] = nil
  }

  /// Until nobody watches.
  private func follow(_ subject: Subject) async {
    while let entry = watched[subject], !entry.viewers.isEmpty {
      do { tell(try await state(of: subject, after: entry.last), subject) } catch {
        // Viewers see that nothing moves, and the page says since when; the database may be away.
        logger.debug("what is watched could not be asked", metadata: ["error": "\(error)"])
        beat(subject)
      }
      try? await Task.sleep(for: pause)
    }
    watched[subject] = nil
  }

  private func tell(_ state: State, _ subject: Subject) {
    guard var entry = watched[subject] else { return }
    guard state != entry.last else { return beat(subject) }
    entry.beats = 0
    entry.last = state
    for viewer in entry.viewers.values { viewer.yield(.state(state)) }
    watched[subject] = entry
  }

  /// There is nothing to tell, or nothing can be asked: those who have gone, and sessions that have ended, must show all the same.
  private func beat(_ subject: Subject) {
    guard var entry = watched[subject] else { return }
    entry.beats += 1
    if entry.beats >= Self.pausesToBeat {
      entry.beats = 0
      for viewer in entry.viewers.values { viewer.yield(.beat) }
    }
    watched[subject] = entry
  }

  private func state(of subject: Subject, after last: State?) async throws -> State {
    let now = clock.now
    guard let usage = try await questions.usage(of: subject.account, in: CalendarMonth(of: now)) else {
      throw AccessError.noAccount(subject.account)
    }
    let month = usage.value[subject.mode]
    // Requests are read out of the log: only where there may be others than before.
    if let last, last.requestsPosition >= usage.asOf.position, last.month == month {
      return State(
        position: usage.asOf.position, month: month, requests: last.requests, requestsPosition: last.requestsPosition)
    }
    let span = TrafficSpan(
      project: subject.project, of: subject.account, mode: subject.mode,
      range: now - .days(1)..<now + .minutes(5))
    let found = try await questions.requests(span, limit: Self.latest)
    return State(
      position: usage.asOf.position, month: month, requests: found.value.requests,
      requestsPosition: found.asOf.position)
  }
}
