import Application
import Domain
import EventLog
import Foundation
import Server

/// `recount status` for people.
struct StatusPage {
  let report: StatusReport
  let now: Instant

  func show() {
    showLog()
    showReadModels()
    showSchedule()
    showReactors()
    for line in report.billing?.lines ?? [] { Terminal.say("billing    \(line)") }
    for concern in report.needsAttention { Terminal.say("\nNEEDS ATTENTION: \(concern)") }
    if report.needsAttention.isEmpty { Terminal.say("\nAll is well.") }
  }

  private func showLog() {
    let log = report.log
    Terminal.say(
      "log        \(log.events) events in \(log.shards.count) shards, the last recorded \(ago(log.recordedAt))")
    let bytes = log.batchesBytes + log.idsBytes + log.otherBytes
    let perEvent = log.bytesPerEvent.map { String(format: ", %.1f bytes an event", $0) } ?? ""
    Terminal.say(
      """
      on disk    \(size(bytes))\(perEvent): batches \(size(log.batchesBytes)), ids \(size(log.idsBytes)), \
      all else \(size(log.otherBytes))
      """)
    if log.archivedEvents > 0 {
      Terminal.say("archive    \(log.archivedEvents) events, \(size(log.archivedBytes)) in files")
    }
    let signed = log.shards.compactMap(\.checkpointSignedAt)
    let beyond = log.shards.reduce(0) { $0 + $1.position - ($1.checkpointPosition ?? 0) }
    Terminal.say(
      signed.isEmpty
        ? "signed     nothing yet"
        : "signed     up to \(beyond) events before the end, the last checkpoint \(ago(signed.max()))")
  }

  private func showReadModels() {
    Terminal.say("\nread model        shards     behind  seconds  state")
    let names = report.readModels.map(\.name).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    for name in names {
      let lanes = report.readModels.filter { $0.name == name }
      let stopped = lanes.filter(\.isStopped).map { "\($0.shard)" }
      let numbers = String(
        format: "%7d  %9ld  %7.1f ", lanes.count, Int(lanes.reduce(0) { $0 + $1.behind }),
        lanes.map(\.secondsBehind).max() ?? 0)
      let state = stopped.isEmpty ? "running" : "STOPPED on shard \(stopped.joined(separator: ", "))"
      Terminal.say("\(name.padded(to: 16)) \(numbers) \(state)")
    }
  }

  private func showSchedule() {
    Terminal.say("\njob               last run          took  outcome    next due          runs  failed")
    for job in report.schedule {
      let took = job.runningBy == nil ? seconds(from: job.lastStarted, to: job.lastFinished) : ""
      let outcome = job.runningBy.map { "running on \($0)" } ?? job.lastOutcome ?? "never run"
      let cells = [
        job.name.padded(to: 16), ago(job.lastStarted).padded(to: 14), took.leftPadded(to: 8),
        " " + outcome.padded(to: 9),
        " " + (job.isOverdue ? "OVERDUE" : due(job.nextDue)).padded(to: 14), "\(job.runs)".leftPadded(to: 7),
        "\(job.failures)".leftPadded(to: 7),
      ]
      Terminal.say("\(cells.joined(separator: " "))")
      if let error = job.lastError, job.failuresInARow > 0 { Terminal.say("  \(error)") }
    }
  }

  private func showReactors() {
    if !report.reactors.isEmpty { Terminal.say("\nreactor           shard     behind  state") }
    for reactor in report.reactors {
      let numbers = String(format: "%6d  %9ld ", reactor.shard, Int(reactor.behind))
      let state = reactor.error.map { "STOPPED: \($0)" } ?? "running"
      Terminal.say("\(reactor.reactor.padded(to: 16)) \(numbers) \(state)")
    }
    if !report.mails.isEmpty {
      Terminal.say("\nmails      \(report.mails.map { "\($0.mails) \($0.state)" }.joined(separator: ", "))")
    }
    if !report.slack.isEmpty {
      Terminal.say("\nslack      \(report.slack.map { "\($0.messages) \($0.state)" }.joined(separator: ", "))")
    }
  }

  private func ago(_ time: Instant?) -> String {
    guard let time else { return "never" }
    return "\(period(now - time)) ago"
  }

  private func due(_ time: Instant?) -> String {
    guard let time, time > now else { return "now" }
    return "in \(period(time - now))"
  }

  private func seconds(from start: Instant?, to end: Instant?) -> String {
    guard let start, let end, end >= start else { return "" }
    return String(format: "%.1f s", (end - start) / .seconds(1))
  }

  /// The two largest units tell enough.
  private func period(_ period: Duration) -> String {
    let seconds = max(0, period.wholeSeconds)
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3_600: return "\(seconds / 60) min"
    case ..<86_400: return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
    default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3_600) h"
    }
  }

  private func size(_ bytes: Int64) -> String {
    switch bytes {
    case ..<1_000_000: String(format: "%.0f kB", Double(bytes) / 1e3)
    case ..<1_000_000_000: String(format: "%.1f MB", Double(bytes) / 1e6)
    default: String(format: "%.2f GB", Double(bytes) / 1e9)
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { padding(toLength: max(width, count), withPad: " ", startingAt: 0) }
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
