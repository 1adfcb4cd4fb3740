import ArgumentParser
import NIOCore
import NIOPosix

/// Recount's one program. Each verb is a file of its own; `Compose` puts the parts together.
@main
struct Recount: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recount",
    abstract: "API analytics and metering that can prove its numbers.",
    discussion: """
      The database is the one that DATABASE_URL names, or else the private one that tools/run keeps under RECOUNT_DATA \
      (default: .recount beside Projections/).
      """,
    subcommands: [
      Migrate.self, Serve.self, ProjectorVerb.self, AccountVerb.self, ProjectVerb.self, KeyVerb.self, Import.self,
      DemoVerb.self, Audit.self,
      Explain.self, SendersVerb.self, Replay.self, ArchiveVerb.self,
      ProjectionsVerb.self, StatusVerb.self, BillingVerb.self,
    ])

  static func main() async {
    // One set of threads for sockets and tasks: without it each request hops between the two several times.
    NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// As `exit(withError:)` does, but for what the text of an error quotes.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    // Help, and scripts for shells, are ours to the byte.
    guard !code.isSuccess else { exit(withError: error) }
    let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines != [""] { Terminal.note(TerminalText(lines: lines)) }
    exit(withError: code)
  }
}
