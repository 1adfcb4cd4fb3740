import Foundation

extension Process {
  /// Runs it to its end: its status, and what it wrote into the pipe.
  func runToItsEnd(reading output: Pipe) async throws -> (status: Int32, output: String) {
    try await withCheckedThrowingContinuation { continuation in
      // Reading blocks, so on a thread of its own.
      Thread.detachNewThread {
        do {
          try self.run()
          let data = output.fileHandleForReading.readDataToEndOfFile()
          self.waitUntilExit()
          continuation.resume(returning: (self.terminationStatus, String(decoding: data, as: UTF8.self)))
        } catch { continuation.resume(throwing: error) }
      }
    }
  }
}
