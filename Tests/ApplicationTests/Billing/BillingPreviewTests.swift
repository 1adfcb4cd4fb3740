import Domain
import Foundation
import Testing

@testable import Application

/// What is read off a preview of Stripe's about tax.
@Suite struct BillingPreviewTests {
  /// A credit of 500 and a whole period of 2,900, as a preview has them.
  private static func preview(_ behavior: String, taxes: (Int, Int)?) throws -> StripeReply {
    func line(_ amount: Int, _ price: String, proration: Bool, tax: Int?) -> String {
      let taxed = tax.map { #"[{"amount":\#($0),"tax_behavior":"\#(behavior)"}]"# } ?? "[]"
      return #"{"amount":\#(amount),"pricing":{"price_details":{"price":"\#(price)"}},"taxes":\#(taxed),"#
        + #""parent":{"subscription_item_details":{"proration":\#(proration)}}}"#
    }
    let lines = [
      line(-500, "price_1", proration: true, tax: taxes?.0), line(2_900, "price_2", proration: false, tax: taxes?.1),
    ]
    let sum = taxes.map { $0.0 + $0.1 }
    let total = 2_400 + (behavior == "exclusive" ? sum ?? 0 : 0)
    let totals = sum.map { #"[{"amount":\#($0),"tax_behavior":"\#(behavior)"}]"# } ?? "[]"
    let text =
      #"{"id":"upcoming_in_1","object":"invoice","status":"draft","currency":"usd","created":1790000000,"total":\#(total),"#
      + #""amount_due":\#(total),"total_taxes":\#(totals),"lines":{"object":"list","data":[\#(lines.joined(separator: ","))]}}"#
    let body = Array(text.utf8)
    return StripeReply(
      body: body, json: StripeJSON(try JSONValue(parsing: body)), date: .epoch, requestID: nil, apiVersion: nil)
  }

  @Test func taxThatComesOnTopIsInWhatIsTakenNowAndEachMonth() throws {
    let invoice = try Self.preview("exclusive", taxes: (-95, 551))
    #expect(BillingPreview.breakdown(of: invoice) == BillingPreview.Breakdown(subtotal: 2_400, tax: 456, total: 2_856))
    #expect(BillingPreview.taxOnTop(of: "price_2", in: invoice) == 551, "what is given back is none of a whole period")
  }

  @Test func taxThatIsInThePriceAddsNothingToIt() throws {
    let invoice = try Self.preview("inclusive", taxes: (-80, 463))
    #expect(BillingPreview.breakdown(of: invoice) == BillingPreview.Breakdown(subtotal: 2_017, tax: 383, total: 2_400))
    #expect(BillingPreview.taxOnTop(of: "price_2", in: invoice) == 0)
  }

  @Test func noneIsSaidWhereNoneIsReckonedButOfNothingThatIsDueItIsNothing() throws {
    let untaxed = try Self.preview("exclusive", taxes: nil)
    #expect(BillingPreview.breakdown(of: untaxed) == nil && BillingPreview.taxOnTop(of: "price_2", in: untaxed) == 0)
    let reversed = try Self.preview("exclusive", taxes: (0, 0))
    #expect(BillingPreview.breakdown(of: reversed) == BillingPreview.Breakdown(subtotal: 2_400, tax: 0, total: 2_400))
  }
}
