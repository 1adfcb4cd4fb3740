import Foundation
import TestDatabase
import Testing

/// Pages in a real browser: see Tests/BrowserTests/journey.py.
@Suite(
  .enabled(if: RealBrowser.isInstalled, "needs Chromium, and playwright in .build/venv, where tools/test puts them"))
struct BrowserTests {
  @Test(.timeLimit(.whatHangs)) func somebodySignsUpAndSeesTheirFirstEventAndEveryPageIsWhatItMustBeInEveryLook()
    async throws
  {
    try await Installation.with(try await Cluster.shared()) { installation in
      // As most people have it: with uPlot where tools/test could fetch it.
      let result = try await RealBrowser(port: installation.port, outbox: installation.folder).run(
        RealBrowser.hasPlots ? ["--plots"] : [])
      #expect(result.status == 0, "\(result.output)")
    }
  }

  @Test(.timeLimit(.whatHangs)) func withoutUPlotTheChartCanBeDraggedOverAndAllElseIsAsItWas() async throws {
    let without = ["RECOUNT_UPLOT": "/nowhere"]
    try await Installation.with(try await Cluster.shared(), environment: without) { installation in
      let result = try await RealBrowser(port: installation.port, outbox: installation.folder).run(["--steer-only"])
      #expect(result.status == 0, "\(result.output)")
    }
  }
}

/// A run of a script in Tests/BrowserTests.
struct RealBrowser {
  let port: Int
  /// The installation's folder.
  let outbox: URL
  var script = "journey.py"

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let python = root.appending(path: ".build/venv/bin/python")

  static let isInstalled =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium-headless-shell")
    && FileManager.default.isExecutableFile(atPath: root.appending(path: ".build/venv/bin/playwright").path)

  /// Whether there is what servers of this checkout draw charts with.
  static let hasPlots = FileManager.default.fileExists(atPath: root.appending(path: ".build/uplot/uplot.js").path)

  func run(_ more: [String]) async throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = Self.python
    process.currentDirectoryURL = Self.root
    process.arguments = [
      "-B", "Tests/BrowserTests/\(script)", "--url", "http://127.0.0.1:\(port)", "--outbox",
      outbox.appending(path: "outbox").path,
    ]
    process.arguments? += more
    // For whoever changes a page: RECOUNT_TEST_PICTURES=FOLDER tools/test --filter BrowserTests
    if let pictures = ProcessInfo.processInfo.environment["RECOUNT_TEST_PICTURES"] {
      process.arguments? += ["--pictures", pictures]
    }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    return try await process.runToItsEnd(reading: output)
  }
}
