import Domain
import EventLog
import Foundation
import HTTPTypes
import NIOCore
import TestDatabase
import Testing

/// Annotations and marks over the API.
@Suite struct AnnotationRouteTests {
  private func body(_ at: String, until: String? = nil, _ text: String = "a sale") -> String {
    let end = until.map { ", \"until\": \"\($0)\"" } ?? ""
    return "{\"at\": \"\(at)\"\(end), \"text\": \(JSONValue.string(text).text)}"
  }

  @Test func anAnnotationIsAddedListedMarkedAndRemoved() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (notes, clock) = ("\(tenant.path)/annotations", service.clock)
      let added = try await service.send(
        .post, notes, as: owner, body(clock.time(-3_600.123), until: clock.time(-60), "a <b>sale</b>"))
      #expect(added.status == 201 && added["at"] == .string(clock.time(-3_600.123)))
      for index in 1...4 { _ = try await service.send(.post, notes, as: owner, body(clock.time(Double(index)))) }

      var (found, cursor) = ([JSON](), "")
      repeat {
        let page = try await service.see("\(notes)?limit=2\(cursor)", as: owner)
        found += page["annotations"].elements
        cursor = page["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
      } while !cursor.isEmpty
      #expect(found.count == 5 && Set(found.map { $0["annotation_id"].string }).count == 5)
      #expect(found.last?["text"] == "a <b>sale</b>" && found.last?["until"] == .string(clock.time(-60)))
      let span = "from=\(clock.time(-120))&to=\(clock.time(-90))"
      #expect(try await service.see("\(notes)?\(span)", as: owner)["annotations"].elements.count == 1)
      let marks = try await service.see("\(tenant.path)/marks?\(span)", as: owner)
      #expect(marks["marks"].elements.count == 1 && marks["is_complete"] == .bool(true))
      #expect(marks["marks"][0]["kind"] == "annotation" && marks["marks"][0]["text"] == "a <b>sale</b>")
      #expect(marks["marks"][0]["id"] == added["annotation_id"] && marks["marks"][0]["tier"] == .null)

      let note = try #require(added["annotation_id"].string)
      for _ in 0..<2 { #expect(try await service.send(.delete, "\(notes)/\(note)", as: owner).status == 200) }
      #expect(try await service.see("\(notes)?\(span)", as: owner)["annotations"] == [])
      try await service.send(.delete, "\(notes)/\(UUID())", as: owner)
        .expectProblem("annotation-not-found", status: 404)
      try await service.expectReplayIsClean()
    }
  }

  @Test func whatIsNoLineOrEndsBeforeItBeginsIsNamed() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (now, before) = (service.clock.time(), service.clock.time(-1))
      let wrong = [
        (body(now, "two\nlines"), "text"), (body(now, "\u{202E}x"), "text"), (body(now, " "), "text"),
        (body(now, String(repeating: "x", count: 201)), "text"), (body(now, until: before), "until"),
        (body(now, until: now), "until"), (body("yesterday"), "at"), (#"{"text": "x"}"#, "at"),
        (body(now).replacingOccurrences(of: "text", with: "txt"), "txt"),
      ]
      for (body, field) in wrong {
        let answer = try await service.send(.post, "\(tenant.path)/annotations", as: owner, body)
        answer.expectProblem("invalid-parameter", status: 400)
        #expect(answer["field"] == .string(field), "\(body)")
      }
      #expect(try await service.events("annotation_added") == 0)
    }
  }

  @Test func aSecondPOSTOfTheSameKeyAddsNothing() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let (notes, key, now) = ("\(tenant.path)/annotations", UUID().uuidString, service.clock.time())
      let one = try await service.send(.post, notes, as: owner, body(now), idempotencyKey: key)
      let two = try await service.send(.post, notes, as: owner, body(now), idempotencyKey: key)
      #expect(one["annotation_id"] == two["annotation_id"] && two.status == 201)
      #expect(try await service.events("annotation_added") == 1)
      try await service.send(.post, notes, as: owner, body(now, "else"), idempotencyKey: key)
        .expectProblem("idempotency-conflict", status: 409)
    }
  }

  @Test func whoeverMayReadSeesThemAndWhoeverWorksOnTheProjectChangesThem() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      let notes = "\(tenant.path)/annotations"
      let member = try await service.join(tenant, as: .member)
      let added = try await service.send(.post, notes, as: member, body(service.clock.time()))
      let note = try #require(added["annotation_id"].string)
      let reader = try await service.join(tenant, as: .readOnly)
      #expect(try await service.see(notes, as: reader)["annotations"].elements.count == 1)
      #expect(try await service.see("\(tenant.path)/marks", as: reader)["marks"].elements.isEmpty == false)
      try await service.send(.post, notes, as: reader, body(service.clock.time()))
        .expectProblem("forbidden", status: 403)
      try await service.send(.delete, "\(notes)/\(note)", as: reader).expectProblem("forbidden", status: 403)
      let stranger = try await service.person()
      for part in ["annotations", "marks"] {
        try await service.send(.get, "\(tenant.path)/\(part)", as: stranger)
          .expectProblem("project-not-found", status: 404)
        #expect(try await service.get("\(tenant.path)/\(part)", key: tenant.key).status == 401, "members alone")
      }
      _ = try await service.send(.post, "\(tenant.path)/archive", as: owner)
      try await service.send(.post, notes, as: member, body(service.clock.time()))
        .expectProblem("project-archived", status: 403)
      try await service.send(.delete, "\(notes)/\(note)", as: member).expectProblem("project-archived", status: 403)
    }
  }

  /// The log's own clock is not the test's: the span holds both.
  @Test func marksTellWhatTheLogKnows() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner(.free)
      let clock = service.clock
      let event = EventText(clock).with("release", "\"2.4.0\"")
      let events = [EventText](repeating: EventText(clock, after: -3_600), count: 899) + [event]
      #expect(try await service.track(events.call(), key: tenant.key).status == 202)
      let void =
        #"{"from": "\#(clock.time(-3_601))", "to": "\#(clock.time(-3_500))", "reason": "load <test>"}"#
      #expect(try await service.send(.post, "\(tenant.path)/voids", as: owner, void).status == 201)
      try await service.test.log.handle(
        .changeTier(.pro, because: .operator, at: .now), by: Account.self, on: service.stream(of: tenant))
      let span = "from=\(clock.time(-40 * 86_400))&to=\(clock.time(40 * 86_400))"
      let marks = try await service.see("\(tenant.path)/marks?\(span)", as: owner)["marks"].elements
      func one(_ kind: String) -> JSON { marks.first { $0["kind"] == .string(kind) } ?? .null }
      #expect(marks.count == 4)
      #expect([one("quota_crossed")["percent"], one("quota_crossed")["quota"]] == [80, 1_000])
      #expect(one("tier_changed")["tier"] == "pro")
      #expect(one("voided")["events"] == 899 && one("voided")["text"] == "load <test>")
      #expect(one("voided")["until"] == .string(clock.time(-3_500)))
      #expect(one("release_seen")["release"] == "2.4.0")
    }
  }
}
