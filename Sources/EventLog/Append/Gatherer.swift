import Foundation
package import Logging
import Postgres

/// Gathers the telemetry of many callers into one append per shard.
///
/// While one append is in flight the next fills, and each caller waits for its own: no timers, so latency falls when load
/// falls. Accounts take turns (``FairQueue``). Bounded: an account that has its share waiting is told so at once, and nothing is
/// lost silently.
package actor Gatherer {
  /// Appends units in one transaction, which need not be durable yet.
  package typealias Append = @Sendable ([AppendUnit]) async throws -> [UnitOutcome]
  /// Returns when everything appended before is durable.
  package typealias Flush = @Sendable () async throws -> Void

  private let append: Append
  private let flush: Flush
  private let limits: Limits
  private let logger: Logger
  /// What waits.
  private(set) var queue: FairQueue<UUID?, Call>
  private var isAppending = false
  private var flushing = 0

  /// How much may be gathered.
  package struct Limits: Sendable {
    /// Bytes of waiting units at which further calls are turned away; an account's at the latest at half of it. Enough for a few
    /// seconds of full load.
    package var waitingBytes = 32 << 20
    /// Events at which an append is full. At 2,000 to 8,000 events an append takes 10 to 40 ms: larger ones only add latency.
    package var eventsPerAppend = 4_000
    /// Events that must wait before an append begins while an earlier one is still being flushed. An append costs about a
    /// millisecond before its first event: below this many it is cheaper to wait for the flush and gather more.
    package var eventsWorthOverlapping = 32

    /// The defaults.
    package init() {}
  }

  /// Why a call may be appended, which may not be so any more when its turn comes.
  package struct Admission: Sendable {
    /// Until when it holds without another look.
    let end: ContinuousClock.Instant
    /// Looks again: throws what the caller is told instead.
    let renew: @Sendable () async throws -> Void

    /// An admission that is looked at again after so long.
    package init(holding time: Duration, renew: @escaping @Sendable () async throws -> Void) {
      end = .now + time
      self.renew = renew
    }
  }

  struct Call: Sendable {
    let units: [AppendUnit]
    let account: UUID?
    let cost: Int
    let events: Int
    let admission: Admission?
    let answer: CheckedContinuation<Result<[UnitOutcome], any Error>, Never>
  }

  /// Gathers for one shard of a log.
  package init(for log: Log, shard: Int, limits: Limits = Limits(), logger: Logger) {
    self.init(
      limits: limits, logger: logger, append: { try await log.appendUnflushed($0, shard: shard) },
      flush: { try await log.flush() })
  }

  /// Gathers for whatever appends and flushes.
  init(limits: Limits = Limits(), logger: Logger, append: @escaping Append, flush: @escaping Flush) {
    self.append = append
    self.flush = flush
    self.limits = limits
    self.logger = logger
    queue = FairQueue(roomBytes: limits.waitingBytes)
  }

  /// Appends the units of one call, together with those of other calls. Throws ``GatherError``, or what the admission threw when it
  /// was renewed.
  package func submit(_ units: [AppendUnit], admission: Admission? = nil) async throws -> [UnitOutcome] {
    let cost = units.reduce(0) { $0 + $1.cost }
    let events = units.reduce(0) { $0 + $1.events }
    return try await withCheckedContinuation { answer in
      let call = Call(
        units: units, account: units.first?.account, cost: cost, events: events, admission: admission, answer: answer)
      guard queue.put(call, of: call.account, bytes: cost, events: events) else {
        answer.resume(returning: .failure(GatherError.overloaded))
        return
      }
      start()
    }.get()
  }

  private var isWorthAnAppend: Bool {
    !queue.isEmpty && (flushing == 0 || queue.waitingEvents >= limits.eventsWorthOverlapping)
  }

  private func start() {
    guard !isAppending, isWorthAnAppend else { return }
    isAppending = true
    Task { await drain() }
  }

  private func drain() async {
    while isWorthAnAppend {
      let calls = await admitted(next())
      if !calls.isEmpty { await perform(calls) }
    }
    isAppending = false
  }

  /// The calls of the next append, but one id only once. A retry that overtakes its original waits for the append after, where the
  /// log will know it.
  private func next() -> [Call] {
    var ids: Set<AppendUnit.Identity> = []
    return queue.take(upTo: limits.eventsPerAppend) { call in
      let own = Set(call.units.compactMap(\.identity))
      guard own.isDisjoint(with: ids) else { return true }
      ids.formUnion(own)
      return false
    }
  }

  /// Without those that waited beyond what admitted them, and are admitted no more. Hardly ever is there one to look at.
  private func admitted(_ calls: [Call]) async -> [Call] {
    let now = ContinuousClock.now
    guard calls.contains(where: { $0.mustRenew(at: now) }) else { return calls }
    let refusals = await withTaskGroup(of: (Int, (any Error)?).self) { group in
      for (index, call) in calls.enumerated() where call.mustRenew(at: now) {
        group.addTask {
          do { try await call.admission?.renew() } catch { return (index, error) }
          return (index, nil)
        }
      }
      return await group.reduce(into: [Int: any Error]()) { $0[$1.0] = $1.1 }
    }
    for (index, error) in refusals { finish(calls[index], .failure(error)) }
    return calls.indices.filter { refusals[$0] == nil }.map { calls[$0] }
  }

  private func perform(_ calls: [Call]) async {
    let units = calls.flatMap(\.units)
    do {
      let outcomes = try await append(units)
      // The next append need not wait for the disk, only this one's callers.
      flushing += 1
      Task { await confirm(calls, outcomes) }
    } catch let error as PostgresError where error.isOfOneUnit && calls.count > 1 {
      // One caller's data is at fault: alone, it can't cost its neighbours theirs.
      logger.warning("append refused, appending its calls one by one", metadata: ["error": "\(error)"])
      for call in calls { await perform([call]) }
    } catch {
      logger.error("append failed", metadata: ["units": "\(units.count)", "error": "\(error)"])
      for call in calls { finish(call, .failure(GatherError(error, units: call.units))) }
    }
  }

  private func confirm(_ calls: [Call], _ outcomes: [UnitOutcome]) async {
    defer {
      flushing -= 1
      start()
    }
    do {
      try await flush()
      answer(calls, with: outcomes)
    } catch {
      logger.error("flush failed", metadata: ["error": "\(error)"])
      for call in calls { finish(call, .failure(GatherError(error, units: call.units))) }
    }
  }

  private func answer(_ calls: [Call], with outcomes: [UnitOutcome]) {
    var rest = outcomes[...]
    for call in calls {
      finish(call, .success(Array(rest.prefix(call.units.count))))
      rest = rest.dropFirst(call.units.count)
    }
  }

  private func finish(_ call: Call, _ result: Result<[UnitOutcome], any Error>) {
    queue.release(bytes: call.cost, of: call.account)
    call.answer.resume(returning: result)
  }
}

extension Gatherer.Call {
  fileprivate func mustRenew(at now: ContinuousClock.Instant) -> Bool { admission.map { $0.end <= now } ?? false }
}

/// Why a call's events may not be in the log.
package enum GatherError: Error, Sendable {
  /// Too much of its account is waiting already; nothing of this call was kept.
  case overloaded
  /// The database could not be reached; nothing of this call is in the log, or it has ids and can be sent again safely.
  case unavailable(any Error)
  /// The connection broke while the append was being committed, and the events have no ids: they may or may not be in the log.
  case outcomeUnknown(any Error)
  /// The database refused this call's data.
  case rejected(any Error)

  init(_ error: any Error, units: [AppendUnit]) {
    switch error {
    case let error as PostgresError where error.isOfOneUnit: self = .rejected(error)
    case let error as PostgresError
    where error.mayHaveCommitted && units.contains { $0.identity == nil && $0.count > 0 }:
      self = .outcomeUnknown(error)
    default: self = .unavailable(error)
    }
  }
}

extension PostgresError {
  /// Data that PostgreSQL can't take (class 22), or a unit that contradicts its control: not the database's trouble.
  fileprivate var isOfOneUnit: Bool {
    guard kind == .server, let sqlState else { return false }
    return sqlState.hasPrefix("22") || sqlState == "RC500"
  }
}
