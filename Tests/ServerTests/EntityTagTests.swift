import HTTPTypes
import HummingbirdTesting
import TestDatabase
import Testing

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

  private func status(
    _ path: String, _ tag: String, _ service: Service, _ tenant: Service.Tenant
  ) async throws -> HTTPResponse.Status {
    let headers: HTTPFields = [.ifNoneMatch: tag, .authorization: "Bearer \(tenant.key)"]
    return try await service.client.executeRequest(uri: path, method: .get, headers: headers, body: nil).status
  }
}
