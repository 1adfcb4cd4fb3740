import Foundation
import TestDatabase

@testable import Application
@testable import Domain
@testable import EventLog
@testable import Server

extension Target {
  private static let now: Instant = 1_795_000_000_000

  private static let event =
    #"{"endpoint":"/v2/17/servers?a=b","method":"GET","status_code":200,"response_time_ms":12.5,"timestamp":"2026-11-18T10:26:40.123Z","event_id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#

  /// What a tracked call holds, and what becomes of it up to the log.
  static let ofDomain: [Target] = [
    Target(
      "track body",
      [
        event,
        #"{"endpoint":"/","consumer":"é","release":"1","error":"E","request_bytes":0,"response_bytes":9,"response_time_ms":null}"#,
        "[\(event),\(event)]", #"{"events":[\#(event)],"batch_id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#,
        #"{"sender":{"id":"01890a5d-ac96-774b-bcce-b302099a8057","sequence":7,"dropped":0},"events":[\#(event)]}"#,
        #"{"api_key":"sk_live_0","events":[]}"#, #"{"endpoint":"/\u00e9\ud83d\ude00","status_code":1e2}"#,
      ].map { Array($0.utf8) }
    ) { bytes, fuzzer in
      let now = Int.random(in: 0..<4, using: &fuzzer) == 0 ? fuzzer.instant() : now
      let body = try? bytes.withUnsafeBytes { try TrackBody.decode($0, now: now) }
      guard let body else { return }
      let intake = Intake(body, source: source, now: now)
      _ = TrackAnswer(intake, outcomes: intake.units.map { _ in outcome(&fuzzer) }, isSingle: body.isSingle)
        .response(requestID: "", now: now, allowance: nil)
    },
    Target("time", ["2026-11-24T10:00:00.123Z", "2026-11-24t10:00:00+23:59", "2016-12-31T23:59:60Z"]) { text in
      _ = Instant(ofEra: text)?.description
      guard let instant = Instant(text) else { return }
      _ = (instant.description, instant.textToSecond, instant.dayText)
      _ = CalendarMonth(of: instant).next.description
      _ = AcceptanceWindow.standard.miss(of: instant, now: now)
    },
    Target("saturation", ["0"].map { Array($0.utf8) }) { _, fuzzer in
      let double = Double(bitPattern: fuzzer.next())
      _ = Int64(saturating: double)
      let (one, other) = (Instant(milliseconds: fuzzer.number()), Instant(microseconds: fuzzer.number()))
      _ = (one.description, other.description, one.toDay, other.toMinute, one - other, one + (other - one))
      _ = one - .seconds(fuzzer.number()) + .nanoseconds(fuzzer.number())
      _ = CalendarMonth(of: other).next.start
      _ = fuzzer.number().addingSaturating(fuzzer.number())
      _ = fuzzer.number().subtractingSaturating(fuzzer.number())
    },
    Target("key", ["sk_live_0000000000000000000000000000000000000000", "sk_test_abc"]) { _ = try? APIKey(parsing: $0) },
    Target("address", ["me@example.com", "\"a b\"@xn--bcher-kva.example", "ä@bücher.example"]) { text in
      _ = EmailAddress(text)
      _ = try? Mailbox(text)
      _ = try? Mailbox(setting: text)
    },
    Target("path", ["/v2/17/servers/01890a5d-ac96-774b-bcce-b302099a8057.json?x=1", "/%F0%9F/a.b.c"]) {
      _ = PathTemplate.template(of: $0)
    },
    Target("password", ["thistle-97-gravel"]) {
      _ = Password(claimed: $0)
      _ = try? Password(choosing: $0)
    },
  ]

  private static let source = TelemetrySource(accountID: UUID(), projectID: UUID(), keyID: UUID(), mode: .live)

  private static func outcome(_ fuzzer: inout Fuzzer) -> UnitOutcome {
    func some() -> Int { Int.random(in: 0...3, using: &fuzzer) }
    return UnitOutcome(
      position: fuzzer.number(), accepted: some(), duplicates: some(), refused: some(), isConflict: some() == 0,
      duplicateOrdinals: some() == 0 ? [some()] : nil, refusedOrdinals: some() == 0 ? [some()] : nil,
      meter: MeterReading(used: Int(fuzzer.number()), quota: Int(fuzzer.number())))
  }
}
