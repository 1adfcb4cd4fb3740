import OrderedCollections

/// The lanes that have something to do, each in it once and handed out in turn, so that one that is far behind can't starve
/// the others.
actor WorkQueue {
  private var waiting: OrderedSet<Lane> = []
  /// Lanes that a worker has; true when they were asked for again meanwhile.
  private var busy: [Lane: Bool] = [:]
  private var paces: [Lane: Pace] = [:]
  /// Lanes that are not to be taken before a time, whoever asks for them.
  private var rests: [Lane: ContinuousClock.Instant] = [:]
  private var idleWorkers: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastID = 0

  /// Something happened to these lanes.
  func add(_ lanes: some Sequence<Lane>) {
    for lane in lanes where isAwake(lane) {
      if busy[lane] != nil {
        busy[lane] = true
      } else if waiting.append(lane).inserted {
        wakeWorker()
      }
    }
  }

  /// The next lane and its pace; waits for one. Nil when the task is cancelled.
  func next() async -> (lane: Lane, pace: Pace)? {
    while !Task.isCancelled {
      if !waiting.isEmpty {
        let lane = waiting.removeFirst()
        busy[lane] = false
        return (lane, paces[lane] ?? Pace())
      }
      await sleep()
    }
    return nil
  }

  /// When a lane is to come again.
  enum Next {
    /// After those that wait.
    case atOnce
    /// When something happens to it.
    case whenAsked
    /// When something happens to it, but not before a rest.
    case after(Duration)
  }

  /// Gives a lane back.
  func finish(_ lane: Lane, pace: Pace, next: Next) {
    paces[lane] = pace
    let wasAsked = busy.removeValue(forKey: lane) ?? false
    switch next {
    case .atOnce: add([lane])
    case .whenAsked: if wasAsked { add([lane]) }
    case .after(let rest): rests[lane] = .now + rest
    }
  }

  private func isAwake(_ lane: Lane) -> Bool {
    guard let end = rests[lane] else { return true }
    guard end <= .now else { return false }
    rests[lane] = nil
    return true
  }

  private func sleep() async {
    lastID += 1
    let id = lastID
    await withTaskCancellationHandler {
      await withCheckedContinuation { answer in
        guard !Task.isCancelled else { return answer.resume() }
        idleWorkers[id] = answer
      }
    } onCancel: {
      Task { await wakeWorker(id) }
    }
  }

  private func wakeWorker(_ id: Int? = nil) {
    guard let id = id ?? idleWorkers.keys.first else { return }
    idleWorkers.removeValue(forKey: id)?.resume()
  }
}
