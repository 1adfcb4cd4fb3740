import EventLog
import Synchronization

/// Shows how far an archiver is.
final class ArchiveDisplay: Sendable {
  private let bar = ProgressLine()
  private let state = Mutex(State())

  private struct State {
    var month = ""
    var events: Int64 = 0
    var written: Int64 = 0
    var months = 0
  }

  /// Months that have left the database.
  var months: Int { state.withLock(\.months) }

  func show(_ stage: ArchiveStage) {
    let state = state.withLock { state in
      switch stage {
      case .began(let month, let events): (state.month, state.events, state.written) = (month, events, 0)
      case .wrote(let events): state.written += events
      case .dropped: state.months += 1
      default: break
      }
      return state
    }
    switch stage {
    case .dropped: clear()
    default: bar.show("archiving \(state.month)", done: state.written, of: state.events)
    }
  }

  func clear() { bar.clear() }
}
