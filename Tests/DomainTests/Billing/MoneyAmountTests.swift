import Domain
import Testing

@Suite struct MoneyAmountTests {
  @Test func anAmountIsWrittenByTheMinorUnitsOfItsCurrency() {
    #expect(MoneyAmount(900, "usd").text == "USD 9.00")
    #expect(MoneyAmount(5, "eur").text == "EUR 0.05")
    #expect(MoneyAmount(0, "usd").text == "USD 0.00")
    #expect(MoneyAmount(500, "jpy").text == "JPY 500")
    #expect(MoneyAmount(0, "jpy").text == "JPY 0")
    #expect(MoneyAmount(1_250, "kwd").text == "KWD 1.250")
    #expect(MoneyAmount(500, "isk").text == "ISK 5.00", "Stripe counts these in hundredths that there are not")
    #expect(MoneyAmount(-1_234, "usd").text == "USD -12.34")
    #expect(MoneyAmount(.min, "usd").text.hasSuffix(".08"))
  }
}
