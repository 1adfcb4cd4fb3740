import Domain
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestDatabase
import Testing

@testable import Server

/// Numbers that have not changed are not sent twice.
@Suite struct EntityTagTests {
  @Test(arguments: [
    "summary", "timeseries?interval=hour", "endpoints", "endpoints?group=path", "consumers", "traffic-by-key",
  ])
  func numbersThatWhoeverAsksHasAlreadyAreNotSentAgain(path: String) async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      _ = try await service.track([EventText(service.clock)].call(), key: tenant.key)
      try await service.catchUp()
      let path = "\(tenant.path)/\(path)"
      let first = try await service.get(path, key: tenant.key)
      #expect(first.status == 200)
      #expect(first.headers[.cacheControl] == "private, no-cache")
      let tag = try #require(first.headers[.eTag])
      #expect(tag.hasPrefix("W/\""))
      #expect(try await status(path, tag, service, tenant) == .notModified)
      _ = try await service.track([EventText(service.clock)].call(), key: tenant.key)
      try await service.catchUp()
      #expect(try await status(path, tag, service, tenant) == .ok, "one more was counted")
      let other = try await service.open()
      #expect(try await status(path, tag, service, other) == .notFound, "a tag is no right to ask")
    }
  }

  @Test func aTagIsGoodUntilTheTimeThatStandsInItAndOfNothingElse() {
    let (now, end) = (Instant.epoch + .hours(1), Instant.epoch + .hours(2))
    let tag = EntityTag(of: [1], until: end)
    func known(_ header: String, of bytes: [UInt8] = [1], at time: Instant) -> String? {
      let head = HTTPRequest(
        method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.ifNoneMatch: header])
      let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
      return EntityTag.known(of: bytes, at: time, to: request)?.text
    }
    for header in [tag.text, String(tag.text.dropFirst(2)), "\"x\", \(tag.text)", "W/\"x\",\(tag.text) , \"y\""] {
      #expect(known(header, at: now) == tag.text, "\(header)")
      #expect(known(header, at: end - .microseconds(1)) == tag.text && known(header, at: end) == nil, "\(header)")
      #expect(known(header, of: [2], at: now) == nil, "\(header)")
    }
    let digest = tag.text.dropFirst(3).prefix(32)
    let others = [
      "*", "", "\"\"", "\"-\"", "\"\(digest)\"", "\"\(digest)-\"", "\"\(digest)-x\"", "\"\(digest)-9-9\"", "\(digest)",
    ]
    for header in others + [EntityTag(of: [1], isWeak: true).text, "\"\(digest)-0\"", "\"\(digest)-+7200000000\""] {
      #expect(known(header, at: now) == nil, "\(header)")
    }
  }

  private func status(
    _ path: String, _ tag: String, _ service: Service, _ tenant: Service.Tenant
  ) async throws -> HTTPResponse.Status {
    let headers: HTTPFields = [.ifNoneMatch: tag, .authorization: "Bearer \(tenant.key)"]
    return try await service.client.executeRequest(uri: path, method: .get, headers: headers, body: nil).status
  }
}
