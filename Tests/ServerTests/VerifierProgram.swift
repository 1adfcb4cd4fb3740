import Foundation

/// tools/verify_log.py, with Python's standard library alone.
enum VerifierProgram {
  static func run(
    statement: String, export: String?, key: String
  ) async throws -> (status: Int32, output: String) {
    try await run("--statement", statement, export: export, key: key)
  }

  static func run(
    event: String, export: String?, key: String
  ) async throws -> (status: Int32, output: String) {
    try await run("--event", event, export: export, key: key)
  }

  private static func run(
    _ option: String, _ document: String, export: String?, key: String
  ) async throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "verified-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let root = Service.projections.deletingLastPathComponent()
    var arguments = [
      "python3", "-I", "-S", "-B", root.appending(path: "tools/verify_log.py").path, "--key", key, option,
      folder.appending(path: "document.json").path,
    ]
    try document.write(to: folder.appending(path: "document.json"), atomically: true, encoding: .utf8)
    if let export {
      try export.write(to: folder.appending(path: "export.jsonl"), atomically: true, encoding: .utf8)
      arguments.append(folder.appending(path: "export.jsonl").path)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONIOENCODING": "utf-8"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    return try await withCheckedThrowingContinuation { continuation in
      // Reading blocks, so on a thread of its own.
      Thread.detachNewThread {
        do {
          try process.run()
          let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
          process.waitUntilExit()
          continuation.resume(returning: (process.terminationStatus, text))
        } catch { continuation.resume(throwing: error) }
      }
    }
  }
}
