import Foundation
import TestDatabase
import Testing

@testable import Domain

/// What facts lead to, for whoever checks what was said.
@Suite struct BillingLeadTests {
  @Test func whatWasSaidIsWhatItsFactsLeadTo() throws {
    let scene = try BillingScene.running()
    #expect(scene.leads == Array(scene.billing.subscriptions.values))
    #expect(scene.hasSaidAll)
  }

  @Test func ofWhatIsPastDueBothSidesOfThirtyDaysAreLedTo() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "past_due")
    #expect(!scene.hasSaidAll && scene.leads.map(\.tier) == [.pro, nil])
    try scene.follow()
    #expect(scene.hasSaidAll && scene.billing.subscriptions["sub_1"]?.tier == .pro)
    _ = try scene.follow(after: .days(31))
    #expect(scene.hasSaidAll && scene.billing.subscriptions["sub_1"]?.tier == nil)
  }

  @Test func whatIsHeldBackLeadsToNothingAndLeavesNothingToBeSaid() throws {
    var scene = try BillingScene.running()
    scene.turn(to: "unpaid")
    scene.turn { $0.needsFetch = true }
    #expect(scene.leads.isEmpty && scene.hasSaidAll)
  }

  @Test func factsThatAreGoneLeadToNothingOfWhatWasSaid() throws {
    var scene = try BillingScene.running()
    scene.customer.subscriptions = [:]
    #expect(scene.leads.isEmpty)
  }
}

extension BillingScene {
  fileprivate var leads: [SubscriptionChanged] { billing.leads(of: "sub_1", from: customer, in: catalogue, to: id) }
  fileprivate var hasSaidAll: Bool { billing.hasSaidAll(of: "sub_1", from: customer, in: catalogue, to: id) }
}
