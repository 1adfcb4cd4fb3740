import Foundation

/// A program to run, as the user that PostgreSQL may run as.
struct Command {
  var arguments: [String]

  /// Why a program failed.
  struct Failure: Error, CustomStringConvertible {
    let arguments: [String]
    let status: Int32
    let output: String
    var description: String { "`\(arguments.joined(separator: " "))` ended with status \(status): \(output)" }
  }

  /// PostgreSQL refuses to run as root.
  static func asServerUser(_ arguments: [String]) -> Command {
    Command(arguments: geteuid() == 0 ? ["runuser", "-u", "postgres", "--"] + arguments : arguments)
  }

  /// Runs it to its end. Its output goes to a file, since a server that it starts would keep a pipe open for ever.
  func run(log: URL) async throws {
    try Data().write(to: log)
    let output = try FileHandle(forWritingTo: log)
    defer { try? output.close() }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch {
        process.terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
    guard status == 0 else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      throw Failure(arguments: arguments, status: status, output: String(text.suffix(2_000)))
    }
  }
}
