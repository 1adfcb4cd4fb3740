package import Domain
package import Foundation
package import Logging
import Synchronization

/// What keys and their accounts have left over all servers: in Redis, by its clock (`Lua/take_call.lua`).
///
/// The way of a question:
/// 1. a call puts it into the basket and waits; the first one wakes the thread;
/// 2. the thread takes all that lies there, sends it in one pipeline and hands the answers out. Meanwhile the basket fills anew: the
///    more calls there are, the more share a round trip;
/// 3. when no answer comes in time, or Redis refuses (it is full, loading, a replica), all that wait get none, and decide for
///    themselves. The thread connects anew, less and less often, and until a trial has worked nobody waits for it.
package final class SharedBuckets: Sendable {
  private let address: RedisAddress
  private let deadline: Duration
  private let basket: Mutex<Basket>
  private let arrival = DispatchSemaphore(value: 0)
  private let logger: Logger

  package typealias Answer = (isGiven: Bool, left: CallLevels)

  private struct Basket {
    var isOpen = false
    var isClosed = false
    var questions: [Question] = []
  }

  private struct Question {
    let key: UUID
    let account: UUID
    let cost: CallCost
    let rates: CallRates
    let answer: CheckedContinuation<Answer?, Never>
  }

  /// Questions in one pipeline: few enough that their answers fit into the sockets' buffers.
  private static let pipeline = 500
  /// How long a connection must have served before trouble with it is news, and its return.
  private static let steady = Duration.seconds(10)

  /// Starts the thread, which connects by itself.
  ///
  /// - Parameter deadline: how long a pipeline may take. A call may wait for the one before and its own. A round trip within a
  ///   data centre takes a millisecond; twice this is what a Redis that stops costs each call under way, once.
  package init(_ address: RedisAddress, deadline: Duration = .milliseconds(40), logger: Logger) {
    self.address = address
    self.deadline = deadline
    self.logger = logger
    basket = Mutex(Basket())
    Thread.detachNewThread { [self] in work() }
  }

  /// Whether it is asked at the moment.
  package var isReachable: Bool { basket.withLock { $0.isOpen } }

  /// Ends the thread and the connection.
  package func close() {
    basket.withLock { $0.isClosed = true }
    arrival.signal()
  }

  /// Takes what a call costs, if it is there. Nil when Redis can't say now.
  package func take(_ cost: CallCost, for key: UUID, of account: UUID, at rates: CallRates) async -> Answer? {
    guard isReachable else { return nil }
    return await withCheckedContinuation { answer in
      let isFirst: Bool? = basket.withLock { basket in
        guard basket.isOpen else { return nil }
        basket.questions.append(Question(key: key, account: account, cost: cost, rates: rates, answer: answer))
        return basket.questions.count == 1
      }
      switch isFirst {
      case nil: answer.resume(returning: nil)
      case true?: arrival.signal()
      case false?: break
      }
    }
  }

  // MARK: On the thread

  private func work() {
    // A Redis that goes away while we write to it must not end the process.
    signal(SIGPIPE, SIG_IGN)
    var failures = 0
    while !basket.withLock({ $0.isClosed }) {
      do throws(RedisError) {
        let wire = try RedisWire(address, deadline: deadline)
        let script = try Self.load(over: wire)
        open(true)
        try serve(wire, script, &failures)
      } catch {
        open(false)
        failures += 1
        report(error, failures)
        // 0.1 s, 0.2 s, … up to 6.4 s. A question of before may have left its signal, and makes it shorter once.
        _ = arrival.wait(timeout: .now() + .milliseconds(100 << min(failures - 1, 6)))
      }
    }
    open(false)
  }

  /// A trial as well: a Redis that would refuse the calls is not offered to them.
  private static func load(over wire: RedisWire) throws(RedisError) -> String {
    guard let url = Bundle.module.url(forResource: "take_call", withExtension: "lua", subdirectory: "Lua"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { throw RedisError(reason: "Lua/take_call.lua is not beside the program") }
    guard case .text(let script) = try wire.ask(["SCRIPT", "LOAD", text]) else {
      throw RedisError(reason: "SCRIPT LOAD gave no name")
    }
    let trial = CallRate(requestsPerSecond: 1_000, bytesPerSecond: 1_000)
    _ = try wire.ask(
      command(script, key: "trial", account: "trial", CallCost(requests: 1, bytes: 0), CallRates(ofKey: trial)))
    return script
  }

  private func open(_ isOpen: Bool) {
    let left = basket.withLock { basket in
      basket.isOpen = isOpen
      defer { basket.questions = [] }
      return basket.questions
    }
    for question in left { question.answer.resume(returning: nil) }
  }

  /// Until it is closed or fails.
  private func serve(_ wire: RedisWire, _ script: String, _ failures: inout Int) throws(RedisError) {
    let start = ContinuousClock.now
    while true {
      arrival.wait()
      while case let questions = takeQuestions(), !questions.isEmpty {
        try ask(questions, wire, script)
        if failures > 0, start.duration(to: .now) > Self.steady {
          failures = 0
          logger.notice("Redis is back: keys are throttled over all servers", metadata: ["redis": "\(address)"])
        }
      }
      if basket.withLock({ $0.isClosed }) { return }
    }
  }

  private func takeQuestions() -> [Question] {
    basket.withLock { basket in
      let taken = Array(basket.questions.prefix(Self.pipeline))
      basket.questions.removeFirst(taken.count)
      return taken
    }
  }

  private func ask(_ questions: [Question], _ wire: RedisWire, _ script: String) throws(RedisError) {
    let end = ContinuousClock.now + deadline
    var answered = 0
    do throws(RedisError) {
      for question in questions {
        try wire.send(
          Self.command(
            script, key: question.key.text, account: question.account.text,
            question.cost, question.rates))
      }
      for question in questions {
        // The socket's own deadline is for each answer; a Redis that drips must not add them up.
        guard ContinuousClock.now < end else { throw RedisError(reason: "no answer within \(deadline)") }
        question.answer.resume(returning: try Self.answer(try wire.receive()))
        answered += 1
      }
    } catch {
      for question in questions.dropFirst(answered) { question.answer.resume(returning: nil) }
      throw error
    }
  }

  private static func command(
    _ script: String, key: String, account: String, _ cost: CallCost, _ rates: CallRates
  ) -> [String] {
    [
      "EVALSHA", script, "2", "recount:throttle:\(key)", "recount:throttle:account:\(account)", "\(cost.requests)",
      "\(cost.bytes)", "\(rates.key.requestsPerSecond)", "\(rates.key.bytesPerSecond)",
      "\(rates.account.requestsPerSecond)", "\(rates.account.bytesPerSecond)",
    ]
  }

  private static func answer(_ answer: RedisAnswer) throws(RedisError) -> Answer {
    guard case .integers(let values) = answer, values.count == 6 else {
      throw RedisError(reason: "the script answered \(answer)")
    }
    let now = Instant(milliseconds: values[1])
    let key = CallBuckets(requests: values[2], bytes: values[3], at: now)
    let account = CallBuckets(requests: values[4], bytes: values[5], at: now)
    return (values[0] == 1, CallLevels(key: key, account: account))
  }

  /// Once, until it has been steady again: everybody can do without it.
  private func report(_ error: RedisError, _ failures: Int) {
    logger.log(
      level: failures == 1 ? .warning : .debug,
      "Redis can't be used: until it can, each server throttles keys by its share of their rates",
      metadata: ["redis": "\(address)", "error": "\(error)"])
  }
}
