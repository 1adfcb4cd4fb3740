import HTTPTypes
import Testing

/// Accounts over the API.
@Suite struct AccountRouteTests {
  @Test func anAccountIsNamedAndShownByItsName() async throws {
    try await Service.with { service in
      let (tenant, owner) = try await service.openWithOwner()
      #expect(try await service.see(tenant.account, as: owner)["name"] == .null)
      let named = try await service.send(.patch, tenant.account, as: owner, #"{"name": "Shops & Sons"}"#)
      #expect(named.status == 200 && named["name"] == "Shops & Sons")
      #expect(try await service.see(tenant.account, as: owner)["name"] == "Shops & Sons")
      let listed = try await service.see("/api/v1/accounts", as: owner)
      #expect(listed["accounts"].elements.map { $0["name"] } == ["Shops & Sons"])
      let refused = try await service.send(.patch, tenant.account, as: owner, #"{"name": " "}"#)
      refused.expectProblem("invalid-parameter", status: 400)
      #expect(refused["field"] == "name")
    }
  }
}
