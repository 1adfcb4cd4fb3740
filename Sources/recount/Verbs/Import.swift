import ArgumentParser
import Foundation
import Importer
import RecountClient

/// `recount import`: sends an access log through the track API.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Send an access log through the track API, each request counted once.",
    discussion: """
      The import remembers what it sent: the same command again sends the same ids, and nothing is counted twice. After an \
      interruption it resumes at the first batch that was not answered. After a completed import it sends \
      everything again, and the server answers: duplicates; what was refused because the month's quota was used up \
      is then decided again. Which import it is depends on the file's content, the format, --rebase, \
      --default-response-time-ms and the key, not on the file's name or the url. A file that has grown is another file. \
      Of the standard input nothing is remembered: its ids derive from what is read.

      In combined logs the response time is the last number outside quotes after the size: with a decimal point in \
      seconds (nginx $request_time), without one in microseconds (Apache %D). The size is sent as the answer's bytes.

      Exits with 0 when every batch was answered, also when events were refused; 1 when a batch could not be delivered \
      (run the same command again to resume) or none of the lines was fit to be counted; 2 when the command can't work as it was given.
      """)

  @Argument(help: "The log; - for the standard input.")
  var log: String

  @Option(help: "How its lines are written: \(LogFormatName.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: String

  @Option(help: "Shift all timestamps by one time so that the latest falls on: now, a time in RFC 3339, or none.")
  var rebase = "none"

  @Option(help: "The server (default: $RECOUNT_URL, or http://127.0.0.1:8080).")
  var url: String?

  @Option(help: "The project's API key (default: $RECOUNT_KEY).")
  var key: String?

  @Option(help: "Events per batch.")
  var batchSize = 500

  @Option(help: "Batches in flight.")
  var concurrency = 2

  @Option(
    name: .customLong("default-response-time-ms"),
    help: "For lines of combined logs that hold no response time (default: it is left out).")
  var defaultResponseTime: String?

  @Option(help: "Seconds to go on trying to deliver a batch.")
  var patience = 60

  @Option(name: .customLong("repeat"), help: "How many copies of the log there are to be, each with ids of its own.")
  var passes = 1

  @Flag(name: .customLong("new-ids"), help: "Forget what was sent and send all as new events.")
  var newIDs = false

  @Option(help: "Where to remember what was sent (default: imports in $RECOUNT_DATA).")
  var state: String?

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  @Flag(help: "Show no progress; lines that can't be read are reported still.")
  var quiet = false

  func run() async throws {
    let display = ImportDisplay(quiet: quiet)
    do {
      let summary = try await LogImporter(try options()) { display.show($0) }.run()
      display.finish()
      try say(summary)
      if summary.countedNothing {
        Terminal.note(
          """
          recount import: no event was counted: is the log older than 35 days (then --rebase now), and --format right?
          """)
        throw ExitCode(1)
      }
    } catch let code as ExitCode {
      throw code
    } catch {
      display.finish()
      Terminal.note("recount import: \(error)")
      if case ImportError.undelivered(_, let summary) = error {
        try say(summary)
        throw ExitCode(1)
      }
      throw ExitCode(2)
    }
  }

  private func say(_ summary: ImportSummary) throws {
    if json { Terminal.say(json: try summary.json) } else { Terminal.say("\(summary)") }
  }
}
