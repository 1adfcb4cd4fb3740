import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Server

/// A retry a year later, on a newer server, must find what the first try created.
@Suite struct IdempotencyKeyTests {
  @Test func whatIsCreatedUnderAKeyHasTheIDThatItAlwaysHad() throws {
    let request = Request(
      head: HTTPRequest(
        method: .post, scheme: nil, authority: nil, path: "/", headerFields: [.idempotencyKey: "create-1"]),
      body: RequestBody(buffer: ByteBuffer()))
    let place = try #require(UUID(uuidString: "01975BCD-0000-7000-8000-00000000000B"))
    let user = try #require(UUID(uuidString: "01975BCD-0000-7000-8000-00000000000A"))
    let id = try #require(try IdempotencyKey(request)).id(of: "project", in: place, by: user)
    #expect(id.uuidString == "7440E424-97E0-8390-B1ED-29383D38B799")
  }
}
