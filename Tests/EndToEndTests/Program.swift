import Foundation

/// The built `recount` program, run as its users run it.
struct Program {
  let environment: [String: String]

  /// Beside the test bundle, which is where SwiftPM puts what it builds.
  private static let executable: URL = {
    let bundle = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
    var folder = bundle.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "recount")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return URL(filePath: ".build/debug/recount")
  }()

  /// Starts a verb. `limits` is for the shell's `ulimit`, such as `-n 256`.
  func start(_ arguments: [String], output: URL, limits: String? = nil) throws -> Process {
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    let process = Process()
    if let limits {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "ulimit \(limits) && exec \"$0\" \"$@\"", Self.executable.path] + arguments
    } else {
      process.executableURL = Self.executable
      process.arguments = arguments
    }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    return process
  }

  struct Result {
    let status: Int32
    let output: String
  }

  /// Runs a verb to its end. Its standard output alone: standard error is the user's, not the caller's.
  ///
  /// - Parameter withErrors: the output has what the program says of errors, too
  func run(_ arguments: [String], withErrors: Bool = false) async throws -> Result {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = withErrors ? output : FileHandle.standardError
    let (status, text) = try await process.runToItsEnd(reading: output)
    return Result(status: status, output: text)
  }

  /// Runs a script of tools/bench.d, which runs this program, to its end.
  func measure(_ script: String, _ arguments: [String]) async throws -> Result {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["python3", "-B", root.appending(path: "tools/bench.d/\(script)").path, "--program", Self.executable.path]
      + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.standardError
    let (status, text) = try await process.runToItsEnd(reading: output)
    return Result(status: status, output: text)
  }
}
