import Foundation

/// The commands of README.md's walk-through, as its readers paste them into a shell.
enum WalkThrough {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// All that is indented in a section, which is how the README writes commands.
  static func commands(ofSection title: String) throws -> String {
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let section = readme.components(separatedBy: "\n## ").first { $0.hasPrefix(title + "\n") } ?? ""
    return section.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
  }

  /// Runs them as one script that ends at the first command that fails, in the folder in which the README is read.
  static func run(_ commands: String, environment: [String: String]) async throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-euo", "pipefail", "-c", commands]
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    return try await process.runToItsEnd(reading: output)
  }
}
