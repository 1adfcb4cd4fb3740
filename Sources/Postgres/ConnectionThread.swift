import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The thread that a connection's actor runs on, so that waiting for the server blocks nobody else.
final class ConnectionThread: SerialExecutor {
  let wakeup: Wakeup
  private let inbox = Inbox()
  /// Set while the thread waits on the socket with nothing else to do (LISTEN), when new work must interrupt it.
  private let isParked = Atomic(false)
  private let reusable = Atomic(false)

  init() throws {
    wakeup = try Wakeup()
    let inbox = inbox
    guard startThread({ inbox.run() }) else {
      throw PostgresError(.couldNotConnect, "no thread for a new connection: raise the limit of processes")
    }
  }

  deinit { inbox.close() }

  /// Whether the connection is open and in no transaction, as a pool may ask without a hop.
  var isReusable: Bool {
    get { reusable.load(ordering: .acquiring) }
    set { reusable.store(newValue, ordering: .releasing) }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    inbox.put(Inbox.Work(job: UnownedJob(job), executor: self))
    if isParked.load(ordering: .sequentiallyConsistent) { wakeup.signal() }
  }

  /// Runs `wait` unless there is other work, and lets work that comes meanwhile interrupt it.
  func park(_ wait: () -> Void) {
    isParked.store(true, ordering: .sequentiallyConsistent)
    // Looked at after the flag was set: what comes later sees the flag.
    if inbox.isEmpty { wait() }
    isParked.store(false, ordering: .sequentiallyConsistent)
  }
}

/// Hands jobs to the thread: a mutex and a condition variable, one futex call a hand-over.
///
/// Unchecked: `works` and `isClosed` are touched only under the mutex.
private final class Inbox: @unchecked Sendable {
  /// A job keeps its executor alive until it has run: the actor may go away in the middle of its last one.
  struct Work {
    let job: UnownedJob
    let executor: ConnectionThread
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var works: [Work] = []
  private var isClosed = false

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, nil)
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  var isEmpty: Bool { locked { works.isEmpty } }

  func put(_ work: Work) {
    locked {
      works.append(work)
      pthread_cond_signal(arrival)
    }
  }

  func close() {
    locked {
      isClosed = true
      pthread_cond_signal(arrival)
    }
  }

  func run() {
    while let work = next() { work.job.runSynchronously(on: work.executor.asUnownedSerialExecutor()) }
  }

  /// Waits for work; nil once closed, when none can come any more.
  private func next() -> Work? {
    locked {
      while works.isEmpty {
        if isClosed { return nil }
        pthread_cond_wait(arrival, mutex)
      }
      // One at a time, so that `isEmpty` tells a parked job of all that waits behind it. There are rarely two.
      return works.removeFirst()
    }
  }

  private func locked<R>(_ body: () -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
