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
      Audit.self,
      Explain.self, Replay.self, ArchiveVerb.self,
      ProjectionsVerb.self, StatusVerb.self,
    ])

  static func main() async {
    // One set of threads for sockets and tasks: without it each request hops between the two several times.
    NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    await main(nil)
  }
}
