import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

/// What a call says of its sender, and what is told of it.
@Suite struct SenderRouteTests {
  private func call(_ events: [EventText], _ sender: UUID, _ sequence: Int, dropped: Int = 0, batch: UUID? = nil)
    -> String
  {
    let sender = #"{"sender":{"id":"\#(sender)","sequence":\#(sequence),"dropped":\#(dropped)},"#
    return sender + events.call(batch: batch).dropFirst()
  }

  @Test func whatNeverCameIsToldOnceALaterCallIsHere() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let (event, sender) = (EventText(service.clock), UUID())
      for sequence in [1, 2, 4] {
        let body = call([event, event], sender, sequence, dropped: sequence, batch: UUID())
        // A retry, as it was.
        #expect(try await service.track(body, key: tenant.key).counts == Counts(accepted: 2))
        #expect(try await service.track(body, key: tenant.key).counts == Counts(duplicates: 2))
      }
      let whole = UUID()
      let single = event.with("sender", #"{"id":"\#(whole)","sequence":1,"dropped":0}"#)
      #expect(try await service.track(single.text, key: tenant.key).status == 202)
      try await service.catchUp()

      let answer = try await service.get("\(tenant.path)/senders", key: tenant.key)
      #expect(answer.status == 200)
      #expect(answer["project_id"].string == tenant.projectID.text && answer["mode"] == "live")
      #expect(answer["detail_from"] == .null && answer["next_cursor"] == .null)
      #expect(
        answer["senders"].elements.map { $0["sender_id"].string } == [whole.text, sender.text], "the latest first")
      let told = answer["senders"][1]
      let counts: [Int] = ["sent", "here", "missing", "events", "dropped", "untold"].map { told[$0].integer }
      #expect(counts == [4, 3, 1, 6, 4, 0])
      let gap = told["gaps"][0]
      #expect(told["gaps"].elements.count == 1)
      #expect(gap["first"].integer == 3)
      #expect(gap["last"].integer == 3)
      #expect(gap["since"] == told["last_seen"], "noticed when the call after it came")
      let withGaps = try await service.get("\(tenant.path)/senders?has_gaps=true", key: tenant.key)
      #expect(withGaps["senders"].elements.map { $0["sender_id"].string } == [sender.text])
      let without = try await service.get("\(tenant.path)/senders?has_gaps=false", key: tenant.key)
      #expect(without["senders"].elements.map { $0["sender_id"].string } == [whole.text])

      // It comes after all.
      let late = call([event], sender, 3)
      #expect(try await service.track(late, key: tenant.key).status == 202)
      try await service.catchUp()
      let none = try await service.get("\(tenant.path)/senders?has_gaps=true", key: tenant.key)
      #expect(none["senders"] == [])
      try await service.expectReplayIsClean()
    }
  }

  /// Or the gap would lie. What came in adds up all the same, and the quota has used nothing for it.
  @Test func aCallOfWhichNothingIsAcceptedIsHere() async throws {
    try await Service.with { service in
      let tenant = try await service.open(.free)
      let (good, sender) = (EventText(service.clock), UUID())
      let wrong = good.with("status_code", "99")
      let (batch, id) = (UUID(), UUID())
      let full = [EventText](repeating: good, count: 999)
      #expect(
        try await service.track(call(full, sender, 1, batch: batch), key: tenant.key).counts == Counts(accepted: 999))
      #expect(
        try await service.track(call([wrong, wrong], sender, 2), key: tenant.key).counts == Counts(invalid: 2))
      #expect(
        try await service.track(call([good.with(id: id)], sender, 3), key: tenant.key).counts == Counts(accepted: 1))
      #expect(try await service.track(call([good, good], sender, 4), key: tenant.key).counts == Counts(refused: 2))
      #expect(
        try await service.track(call(full, sender, 5, batch: batch), key: tenant.key).counts == Counts(duplicates: 999))
      #expect(try await service.track(call([good], sender, 6, batch: batch), key: tenant.key).status == 409)
      #expect(
        try await service.track(call([good.with(id: id)], sender, 7), key: tenant.key).counts == Counts(duplicates: 1))
      try await service.catchUp()

      let told = try await service.get("\(tenant.path)/senders", key: tenant.key)["senders"][0]
      let counts: [Int] = ["sent", "here", "missing", "events"].map { told[$0].integer }
      #expect(counts == [7, 7, 0, 2_005])
      let span = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
      let hours = try await service.get("\(tenant.path)/intake?\(span)", key: tenant.key)["hours"].elements
      func sum(_ name: String) -> Int { hours.reduce(0) { $0 + $1[name].integer } }
      let sums: [Int] = ["received", "accepted", "duplicates", "refused", "invalid"].map(sum)
      #expect(sums == [2_005, 1_000, 1_000, 2, 3])
      #expect(sum("received") == told["events"].integer, "what the sender sent is what came in")
      let usage = try await service.get("/api/v1/usage", key: tenant.key)
      #expect(usage["used"] == 1_000 && usage["refused"] == 2)
      try await service.expectReplayIsClean()
    }
  }

  @Test func aMalformedSenderIsToldAndNothingIsRecorded() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let event = EventText(service.clock)
      for (sender, place) in [
        ("7", "/sender"), (#"{"id":"x","sequence":1,"dropped":0}"#, "/sender/id"),
        (#"{"id":"\#(UUID())","sequence":0,"dropped":0}"#, "/sender/sequence"),
        (#"{"id":"\#(UUID())","sequence":1}"#, "/sender/dropped"),
      ] {
        let answer = try await service.track(event.with("sender", sender).text, key: tenant.key)
        answer.expectProblem("malformed-body", status: 400)
        #expect(answer.text.contains(place), "\(answer.text)")
      }
      #expect(try await service.logged(tenant) == 0)
    }
  }

  @Test func aKeySeesSendersOfItsOwnModeAndPagesHoldAllOfThem() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let test = try await service.issue(for: tenant, mode: .test)
      let event = EventText(service.clock)
      let (live, rehearsal) = ((0..<5).map { _ in UUID() }, UUID())
      for sender in live { _ = try await service.track(call([event], sender, 1), key: tenant.key) }
      _ = try await service.track(call([event], rehearsal, 2), key: test.key)
      try await service.catchUp()
      var (found, cursor): ([String?], String?) = ([], "")
      while let next = cursor {
        let page = try await service.get("\(tenant.path)/senders?limit=2&cursor=\(next)", key: tenant.key)
        found += page["senders"].elements.map { $0["sender_id"].string }
        cursor = page["next_cursor"].string
      }
      #expect(found == live.reversed().map(\.text))
      let others = try await service.get("\(tenant.path)/senders", key: test.key)
      #expect(others["senders"].elements.map { $0["sender_id"].string } == [rehearsal.text])
      #expect(others["senders"][0]["gaps"][0]["first"] == 1)
      let forbidden = try await service.get("\(tenant.path)/senders?has_gaps=perhaps", key: tenant.key)
      forbidden.expectProblem("invalid-parameter", status: 400)
    }
  }
}
