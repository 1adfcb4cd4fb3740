import Domain
import Testing

@testable import Application

@Suite struct BillingSettingsTests {
  private static func flaw(
    key: String = "sk_test_1", secrets: String? = nil, base: String? = nil, tax: String? = nil
  ) -> String? {
    do throws(BillingSettings.Flaw) {
      _ = try BillingSettings(key: key, secrets: secrets, base: base, tax: tax)
      return nil
    } catch { return error.variable }
  }

  @Test func theKeySaysWhetherMoneyMoves() throws {
    #expect(try !BillingSettings(key: "sk_test_51abc").livemode)
    #expect(try BillingSettings(key: "sk_live_51abc").livemode)
    #expect(try BillingSettings(key: "rk_live_51abc").livemode)
    #expect(try BillingSettings(key: "sk_test_1").base == "https://api.stripe.com")
  }

  @Test func taxesAreOffUnlessItIsSaidWhichWay() throws {
    for off in [nil, ""] { #expect(try BillingSettings(key: "sk_test_1", tax: off).tax == nil) }
    #expect(try BillingSettings(key: "sk_test_1", tax: "inclusive").tax == .inclusive)
    #expect(try BillingSettings(key: "sk_test_1", tax: "exclusive").tax == .exclusive)
    for tax in ["on", "off", "Inclusive", "unspecified", " exclusive"] {
      #expect(Self.flaw(tax: tax) == "STRIPE_TAX", "\(tax)")
    }
  }

  @Test func aValueThatWontDoIsNamedAndNoSecretIsQuoted() throws {
    for key in ["", "sk_test_", "pk_test_1", "whsec_1", "sk_test_a b", "sk_test_é"] {
      #expect(Self.flaw(key: key) == "STRIPE_API_KEY", "\(key)")
    }
    #expect(Self.flaw(secrets: "whsec_a, whsec_b,") == nil)
    for secrets in ["sk_test_1", "whsec_", "whsec_a;whsec_b"] {
      #expect(Self.flaw(secrets: secrets) == "STRIPE_WEBHOOK_SECRETS", "\(secrets)")
    }
    for base in ["http://127.0.0.1:12111", "https://api.example.com/"] {
      #expect(Self.flaw(base: base) == nil, "\(base)")
    }
    for base in [
      "http://api.stripe.com", "api.stripe.com", "https://a@b.example", "https://x.example/?a=1", "ftp://127.0.0.1",
    ] {
      #expect(Self.flaw(base: base) == "STRIPE_API_BASE", "\(base)")
    }
    do {
      _ = try BillingSettings(key: "hunter2")
      Issue.record("a key that is none was taken")
    } catch { #expect(!error.found.contains("hunter2")) }
  }
}
