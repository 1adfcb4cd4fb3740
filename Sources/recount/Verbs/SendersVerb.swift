import Application
import ArgumentParser
import Domain
import Foundation

/// `recount senders`
struct SendersVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "senders", abstract: "Tell what a project's senders sent, and what of it never came.",
    discussion: """
      A sender is one running SDK, which numbers its batches. Those that were heard last stand first. Numbers that are missing between \
      those that came are batches that nobody has received: each sender with such gaps is told of in a sentence below the table.
      """)

  @Option(help: "The project's id.")
  var project: UUID

  @Option(help: "live or test.")
  var mode = KeyMode.live

  @Flag(help: "Those with gaps alone.")
  var gaps = false

  @Flag(help: "End with 1 where something is missing.")
  var check = false

  func run() async throws {
    var isAnythingMissing = false
    try await ProjectAccess.with(project) { account, _, questions in
      var last: TimePlace?
      var report = SenderReport()
      repeat {
        let page = try await questions.senders(
          ofProject: project, in: account, mode: mode, withGaps: gaps ? true : nil, after: last, limit: 500
        ).value
        for sender in page.entries { report.add(sender) }
        last = page.next
      } while last != nil
      Terminal.say(TerminalText(lines: report.lines))
      isAnythingMissing = report.isAnythingMissing
    }
    if check, isAnythingMissing { throw ExitCode(1) }
  }
}
