/// The lanes that have something to do, each in it once and handed out in turn, so that one that is far behind can't starve
/// the others.
actor WorkQueue {
  private var waiting: [Lane] = []
  private var isWaiting: Set<Lane> = []
  /// Lanes that a worker has; true when they were asked for again meanwhile.
  private var busy: [Lane: Bool] = [:]
  private var paces: [Lane: Pace] = [:]
  private var idleWorkers: [(id: Int, answer: CheckedContinuation<Void, Never>)] = []
  private var lastID = 0

  /// Something happened to these lanes.
  func add(_ lanes: some Sequence<Lane>) {
    for lane in lanes {
      if busy[lane] != nil {
        busy[lane] = true
      } else if isWaiting.insert(lane).inserted {
        waiting.append(lane)
        wakeWorker()
      }
    }
  }

  /// The next lane and its pace; waits for one. Nil when the task is cancelled.
  func next() async -> (lane: Lane, pace: Pace)? {
    while !Task.isCancelled {
      if !waiting.isEmpty {
        let lane = waiting.removeFirst()
        isWaiting.remove(lane)
        busy[lane] = false
        return (lane, paces[lane] ?? Pace())
      }
      await sleep()
    }
    return nil
  }

  /// Gives a lane back. It comes again after the others when it is asked for again.
  func finish(_ lane: Lane, pace: Pace, again: Bool) {
    paces[lane] = pace
    let wasAsked = busy.removeValue(forKey: lane) ?? false
    if again || wasAsked { add([lane]) }
  }

  private func sleep() async {
    lastID += 1
    let id = lastID
    await withTaskCancellationHandler {
      await withCheckedContinuation { answer in
        guard !Task.isCancelled else { return answer.resume() }
        idleWorkers.append((id, answer))
      }
    } onCancel: {
      Task { await wakeWorker(id) }
    }
  }

  private func wakeWorker(_ id: Int? = nil) {
    guard let index = id.map({ id in idleWorkers.firstIndex { $0.id == id } }) ?? idleWorkers.indices.first else {
      return
    }
    idleWorkers.remove(at: index).answer.resume()
  }
}
