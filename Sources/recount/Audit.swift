import ArgumentParser
import EventLog
import Foundation
import Postgres

/// `recount audit …`
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the log without trusting who runs it.", subcommands: [VerifyVerb.self])

  /// `recount audit verify`
  struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Walk the hash chain: has any past event been changed, removed, inserted or moved?")

    func run() async throws {
      let compose = try Compose()
      let pool = try compose.pool(as: .auditor, size: 2)
      let started = ContinuousClock.now
      let bar = ProgressLine()
      let report = try await Verify(pool: pool).run { bar.show("verifying", done: $0, of: $1) }
      bar.clear()
      await pool.close()
      let seconds = (ContinuousClock.now - started) / .seconds(1)
      if report.faults.isEmpty {
        let rate = Int(Double(report.events) / max(seconds, 0.001))
        print(
          "The log holds \(report.events) events and none of them has been changed, removed, inserted or moved since it was "
            + "recorded (\(rate) events a second).")
        return
      }
      for fault in report.faults {
        print(
          "The log can NOT be trusted from here on: shard \(fault.shard), events \(fault.firstPosition) to "
            + "\(fault.lastPosition): \(fault.reason).")
      }
      throw ExitCode(1)
    }
  }
}
