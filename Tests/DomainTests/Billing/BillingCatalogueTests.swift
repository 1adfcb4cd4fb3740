import Testing

@testable import Domain

@Suite struct BillingCatalogueTests {
  @Test func aPriceThatGaveItsPlaceToAnotherGoesOnEntitlingWhoPaysIt() {
    var catalogue = BillingCatalogue()
    for price in ["price_exclusive", "price_inclusive"] {
      let said = BillingCatalogueSet(
        stripeAccount: "acct_1", livemode: true, prices: [.init(id: price, tier: .pro)],
        products: [.init(id: "prod_1", tier: .pro)])
      for event in catalogue.decide(.set(said)) { catalogue.evolve(event) }
      // Said again, it is no event.
      #expect(catalogue.decide(.set(said)).isEmpty)
    }
    #expect(catalogue.price(of: .pro) == "price_inclusive" && catalogue.price(of: .business) == nil)
    #expect(catalogue.prices == ["price_exclusive": .pro, "price_inclusive": .pro])
  }
}
