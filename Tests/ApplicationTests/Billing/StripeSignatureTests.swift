import Crypto
import Domain
import Foundation
import TestDatabase
import Testing

@testable import Application

/// Whose a delivery is, and of when. Numbers are those of the sequences that must come out right.
@Suite struct StripeSignatureTests {
  private static let now = Instant(milliseconds: 1_790_000_000_000)
  private static let body = Array(#"{"id":"evt_1"}"#.utf8)

  private static func sign(_ body: [UInt8] = body, at time: Instant = now, with secret: String = "whsec_new") -> String
  {
    let signed = Data("\(time.seconds).".utf8) + Data(body)
    return Hex.text(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Data(secret.utf8))))
  }

  private static func refusal(
    _ header: String?, _ body: [UInt8] = body, secrets: [String] = ["whsec_new"], now: Instant = now
  ) -> StripeSignature.Refusal? {
    do throws(StripeSignature.Refusal) {
      try StripeSignature(header).check(body, secrets: secrets, now: now)
      return nil
    } catch { return error }
  }

  private static var time: String { "t=\(now.seconds)" }

  @Test func sequence34WhileASecretIsRolledEitherSignatureWillDoInEitherOrderAndTheOldOneNotAfterIt() {
    let (old, new) = ("v1=\(Self.sign(with: "whsec_old"))", "v1=\(Self.sign())")
    for header in ["\(Self.time),\(old),\(new)", "\(Self.time),\(new),\(old)"] {
      #expect(Self.refusal(header) == nil)
      #expect(Self.refusal(header, secrets: ["whsec_old", "whsec_new"]) == nil)
    }
    #expect(Self.refusal("\(Self.time),\(old)", secrets: ["whsec_old", "whsec_new"]) == nil)
    #expect(Self.refusal("\(Self.time),\(old)") == .wrong)
  }

  @Test func sequence35ADeliveryIsGoodForFiveMinutesBothWays() {
    for (age, expected) in [
      (300, nil), (301, .stale), (-300, nil), (-301, .future), (-3_600, .future),
    ] as [(Int64, StripeSignature.Refusal?)] {
      let time = Self.now - .seconds(age)
      #expect(Self.refusal("t=\(time.seconds),v1=\(Self.sign(at: time))") == expected, "\(age) s old")
    }
  }

  @Test func sequence36WhatWasChangedOrNotSignedByUsIsRefused() {
    let good = "\(Self.time),v1=\(Self.sign())"
    #expect(Self.refusal(good) == nil)
    for place in Self.body.indices {
      var changed = Self.body
      changed[place] ^= 1
      #expect(Self.refusal(good, changed) == .wrong, "byte \(place)")
    }
    #expect(Self.refusal("t=\(Self.now.seconds + 1),v1=\(Self.sign())") == .wrong)
    #expect(Self.refusal("\(Self.time),v0=\(Self.sign())") == .wrong)
    #expect(Self.refusal(good, secrets: []) == .wrong)
    #expect(Self.refusal(nil) == .missing && Self.refusal("") == .missing)
  }

  @Test func aHeaderThatIsNoneOfStripesIsRefused() {
    let signature = Self.sign()
    for header in [
      "v1=\(signature)", "\(Self.time),\(Self.time),v1=\(signature)", "\(Self.time), v1=\(signature)",
      "t=+\(Self.now.seconds),v1=\(signature)", "t= \(Self.now.seconds),v1=\(signature)",
      "\(Self.time),v1=\(signature),",
      "\(Self.time),v1=\(signature),junk", "\(Self.time),v0=a=b,v1=\(signature)", "\(Self.time).0,v1=\(signature)",
      "\(Self.time),V1=\(signature)", "t=1234567890123,v1=\(signature)",
      "\(Self.time),v1=\(signature)" + String(repeating: ",v0=0", count: 2_000),
    ] { #expect(Self.refusal(header) == .malformed, "\(header.prefix(120))") }
    #expect(Self.refusal("\(Self.time),v1=\(signature.uppercased())") == .wrong)
    #expect(Self.refusal("\(Self.time),v2=x,v1=00,v1=\(signature)") == nil)
  }

  /// Against Stripe's own package, which takes more: what is not plain, and what is of the future. Two halves, for two cores.
  @Test(
    .timeLimit(.whatHangs),
    .enabled(if: StripeSignatureTests.python != nil, "needs the package stripe in .build/venv, of tools/test"))
  func theVerdictsOnAHundredThousandHeadersAreThoseOfStripesPackageButWhereWeAreStricter() async throws {
    let python = try #require(Self.python)
    let halves = try await withThrowingTaskGroup(of: Judged.self) { group in
      for seed in ["1", "2"] {
        group.addTask {
          Self.judge(try await Self.fuzzed(by: python, "--cases", "50000", "--seed", seed))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(halves.reduce(0) { $0 + $1.cases } == 100_000)
    #expect(halves.allSatisfy { $0.accepted > 5_000 && $0.accepted < 45_000 }, "both verdicts are tried")
    #expect(halves.flatMap(\.wrong).isEmpty)
  }

  /// What the package says of headers that were made and spoilt at random.
  private static func fuzzed(by python: URL, _ options: String...) async throws -> [Fuzzed] {
    let process = Process()
    // A file: a pipe would end only with the last database that was started meanwhile and inherited it.
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    process.executableURL = python
    process.arguments = [root.appending(path: "tools/fake-stripe.d/fuzz_signatures.py").path] + options
    process.standardOutput = try FileHandle(forWritingTo: file)
    try process.run()
    while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    return try JSONDecoder().decode([Fuzzed].self, from: try Data(contentsOf: file))
  }

  private static func judge(_ all: [Fuzzed]) -> Judged {
    var judged = Judged()
    for given in all {
      let (body, now) = (Array(given.body.utf8), Instant.epoch + .seconds(given.now))
      for one in given.cases {
        let refusal = Self.refusal(one.header, body, secrets: given.secrets, now: now)
        judged.cases += 1
        judged.accepted += refusal == nil ? 1 : 0
        guard (refusal == nil) != (one.accepted && one.plain && !one.future) else { continue }
        judged.wrong.append("\(one.spoilt): \(one.header ?? "none"), \(String(describing: refusal))")
      }
    }
    return judged
  }

  private struct Judged: Sendable {
    var cases = 0
    /// By us.
    var accepted = 0
    /// Where the package says otherwise.
    var wrong: [String] = []
  }

  /// A body, and headers that it came with.
  private struct Fuzzed: Decodable, Sendable {
    let body: String
    let secrets: [String]
    let now: Int64
    let cases: [Case]

    struct Case: Decodable, Sendable {
      let header: String?
      let accepted: Bool
      let plain: Bool
      let future: Bool
      let spoilt: String
    }
  }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The one that tools/test sets up with the package in it; nil where it has not run.
  private static var python: URL? {
    let python = root.appending(path: ".build/venv/bin/python")
    let package = root.appending(path: ".build/venv/lib")
    let found = FileManager.default.enumerator(atPath: package.path)?.contains {
      "\($0)".hasSuffix("stripe/_webhook.py")
    }
    return found == true ? python : nil
  }
}
