import Foundation
import Synchronization

/// A thread of its own for one connection: the serial executor of the `Connection` actor. Whatever blocks inside the actor
/// blocks this thread and never one of the cooperative pool.
///
/// `@unchecked Sendable`: its only mutable state is `jobs`, which is touched under `condition`'s lock alone.
final class ConnectionThread: SerialExecutor, @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []
  private var isStopped = false

  init(name: String) {
    // The thread holds the executor until it is stopped, for a job may still be on its way when the actor goes.
    let thread = Thread { [self] in work() }
    thread.name = name
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.lock()
    jobs.append(job)
    condition.signal()
    condition.unlock()
  }

  /// Ends the thread once its jobs are done.
  func stop() {
    condition.lock()
    isStopped = true
    condition.signal()
    condition.unlock()
  }

  private func work() {
    while let batch = next() {
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  private func next() -> [UnownedJob]? {
    condition.lock()
    defer { condition.unlock() }
    while jobs.isEmpty && !isStopped { condition.wait() }
    guard !jobs.isEmpty else { return nil }
    defer { jobs.removeAll(keepingCapacity: true) }
    return jobs
  }
}
