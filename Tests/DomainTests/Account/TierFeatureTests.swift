import Testing

@testable import Domain

@Suite struct TierFeatureTests {
  @Test(arguments: TierFeature.allCases) func whatATierHasAllAboveHave(feature: TierFeature) {
    #expect(Tier.allCases.filter { $0.has(feature) } == Tier.allCases.filter { $0 >= feature.lowestTier })
    #expect(feature.lowestTier > .free, "or it would gate nothing")
  }
}
