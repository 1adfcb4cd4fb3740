import Domain
import Testing

@testable import Application

@Suite struct TierFeatureTests {
  @Test(arguments: TierFeature.allCases) func whatATierLacksIsCalledAsEverywhere(feature: TierFeature) {
    let lacks = TierLacks(gate: feature)
    #expect(lacks.description == "the account's tier has no \(feature.words): \(lacks.tier.word) has")
    #expect(TierFeature.allCases.filter { $0.words == feature.words } == [feature])
  }
}
