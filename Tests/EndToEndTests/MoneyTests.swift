import Foundation
import TestDatabase
import Testing

/// Money from signing up to paying nothing any more, with all processes that it takes.
@Suite struct MoneyTests {
  /// See Tests/BrowserTests/money.py.
  @Test(
    .timeLimit(.whatHangs),
    .enabled(if: RealBrowser.isInstalled, "needs Chromium, and playwright in .build/venv, where tools/test puts them"))
  func somebodySubscribesFailsToPayRecoversMovesUpAndDownAndCancelsOnPagesThatAreWhatTheyMustBe() async throws {
    let slack = try Installation.freePort()
    try await TestStripe.with(deliver: "auto") { stripe in
      let environment = stripe.environment.merging(["RECOUNT_SLACK_HOSTS": "http://127.0.0.1:\(slack)"]) { $1 }
      try await Installation.with(try await Cluster.shared(), environment: environment) { installation in
        try await stripe.sell(through: installation)
        let browser = RealBrowser(port: installation.port, outbox: installation.folder, script: "money.py")
        let result = try await browser.run(["--stripe", stripe.address, "--slack-port", "\(slack)"])
        #expect(result.status == 0, "\(result.output)")
      }
    }
  }

  /// See Tests/BrowserTests/orders.py.
  @Test(.timeLimit(.whatHangs))
  func inTwentyOrdersOfWhatStripeSaysReadModelsAreEqualAndSoAreTheNumbersOfMails() async throws {
    try await TestStripe.with(deliver: "manual") { stripe in
      let environment = stripe.environment.merging(["RECOUNT_TRUSTED_PROXY": "127.0.0.1"]) { $1 }
      try await Installation.with(try await Cluster.shared(), environment: environment) { installation in
        try await stripe.sell(through: installation)
        let result = try await Self.runOrders(stripe, installation)
        #expect(result.status == 0, "\(result.output)")
      }
    }
  }

  private static func runOrders(
    _ stripe: TestStripe, _ installation: Installation
  ) async throws -> (status: Int32, output: String) {
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "BrowserTests/orders.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-B", script.path, "--url", "http://127.0.0.1:\(installation.port)", "--outbox",
      installation.folder.appending(path: "outbox").path, "--stripe", stripe.address, "--seeds", "20",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    return try await process.runToItsEnd(reading: output)
  }
}
