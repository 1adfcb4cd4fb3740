import ArgumentParser

/// `recount audit …`
struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the log without trusting who runs it.",
    subcommands: [VerifyVerb.self, CheckpointVerb.self, ProveVerb.self, ExportVerb.self])
}
