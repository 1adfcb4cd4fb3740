import Domain
import Foundation
import RecountClient
import Synchronization

/// Shows an import's notices: a progress bar that is redrawn on a terminal, an occasional line elsewhere.
package final class ImportDisplay: Sendable {
  private let isTerminal: Bool
  private let isQuiet: Bool
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var barIsShown = false
    var lastProgress: ContinuousClock.Instant?
    var lastRetry: ContinuousClock.Instant?
    var notCounted = 0
  }

  /// A display on the standard error, so that the standard output holds the summary alone.
  /// - Parameter quiet: show only what was found wrong with lines
  package convenience init(quiet: Bool) {
    self.init(isTerminal: isatty(STDERR_FILENO) == 1, quiet: quiet) {
      FileHandle.standardError.write(Data($0.utf8))
    }
  }

  init(isTerminal: Bool, quiet: Bool, write: @escaping @Sendable (String) -> Void) {
    self.isTerminal = isTerminal
    isQuiet = quiet
    self.write = write
  }

  /// Shows one notice. From any thread.
  package func show(_ notice: ImportNotice) {
    state.withLock { state in
      switch notice {
      case .unreadable(let line, let reason): say("line \(line) can't be read: \(reason)", &state)
      case .notCounted(let line, let reason):
        state.notCounted += 1
        if state.notCounted <= Self.reasonsShown { say("line \(line) was not counted: \(reason)", &state) }
      case .progress(let progress): draw(progress, &state)
      case .retrying(let retry): complain(retry, &state)
      default: if !isQuiet, let text = notice.text { say(text, &state) }
      }
    }
  }

  /// Removes the bar, so that what follows starts on a line of its own.
  package func finish() {
    state.withLock { state in
      clear(&state)
      let more = state.notCounted - Self.reasonsShown
      if more > 0 { write("and \(more.grouped) more lines were not counted\n") }
    }
  }

  /// What is wrong with events is wrong with many of them: nobody reads a thousand times that a log is too old.
  private static let reasonsShown = 20

  private func say(_ text: String, _ state: inout State) {
    clear(&state)
    // Reasons quote the log, and the server's answer.
    write(ForeignText.line(text) + "\n")
  }

  private func clear(_ state: inout State) {
    // Carriage return and "erase to the end of the line" (ECMA-48, EL).
    if state.barIsShown { write("\r\u{1B}[K") }
    state.barIsShown = false
  }

  private func draw(_ progress: ImportProgress, _ state: inout State) {
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
    let now = ContinuousClock.now
    // The first plain line may wait as well: a short import needs none.
    let last = state.lastProgress ?? (isTerminal ? now - pause : now)
    if state.lastProgress == nil { state.lastProgress = last }
    guard !isQuiet, now - last >= pause else { return }
    state.lastProgress = now
    guard isTerminal else { return write(progress.line + "\n") }
    write("\r\u{1B}[K\(progress.bar) \(progress.line)")
    state.barIsShown = true
  }

  /// Batches in flight fail together, and the first waits are short: one line in five seconds is enough.
  private func complain(_ retry: RetryNotice, _ state: inout State) {
    let now = ContinuousClock.now
    if let last = state.lastRetry, now - last < .seconds(5) { return }
    state.lastRetry = now
    if !isQuiet { say("\(retry.reason); trying again", &state) }
  }
}

extension ImportNotice {
  /// The notices that are said once, in words.
  fileprivate var text: String? {
    switch self {
    case .keepsBatchSize(let size): "the import was begun with batches of \(size) and keeps them; --new-ids starts anew"
    case .keepsMembers:
      "an older release began the import, which goes on as it did: without sizes, and 0 where there is no response time; "
        + "--new-ids starts anew"
    case .resumes(let pass, let batch):
      "resuming an interrupted import at batch \(batch + 1)" + (pass == 0 ? "" : " of copy \(pass + 1)")
    case .sendsAgain: "this log was imported before: sending it again under the same ids, nothing is counted twice"
    default: nil
    }
  }
}
