package import Domain
import Foundation

/// How this installation speaks to Stripe. There is none where no key is set: then all but buying works.
package struct BillingSettings: Sendable {
  /// The secret key. Whether money moves follows from it.
  let key: String
  /// What deliveries may be signed with, beside the secret of the endpoint that `recount billing setup` made.
  let secrets: [String]
  /// What paths begin with, without a slash at its end.
  let base: String
  /// Whether tax is in the prices or comes on top; nil: nothing about tax is asked of Stripe.
  package let tax: TaxBehavior?

  /// Whether the key moves money.
  package var livemode: Bool { key.contains("_live_") }

  /// Where the pages are that people pay on; nil: Stripe's own.
  package var pageOrigins: [String]? { base == Self.stripe ? nil : [base] }

  /// Of the text of four variables.
  package init(key: String, secrets: String? = nil, base: String? = nil, tax: String? = nil) throws(Flaw) {
    self.key = try Self.key(key)
    self.secrets = try Self.secrets(secrets ?? "")
    self.base = try Self.base(base ?? Self.stripe)
    self.tax = try Self.tax(tax ?? "")
  }

  /// A variable that won't do. Quotes no secret.
  package struct Flaw: Error, Equatable {
    /// Its name.
    package let variable: String
    package let found: String
    package let allowed: String
  }

  private static let stripe = "https://api.stripe.com"

  private static func key(_ text: String) throws(Flaw) -> String {
    let words = ["sk_test_", "sk_live_", "rk_test_", "rk_live_"]
    guard words.contains(where: { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }), text.isOneWord else {
      throw Flaw(
        variable: "STRIPE_API_KEY", found: "something else (it may be a secret)",
        allowed: "a secret key of Stripe's, sk_test_… or sk_live_…")
    }
    return text
  }

  private static func secrets(_ text: String) throws(Flaw) -> [String] {
    let secrets = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard secrets.allSatisfy({ $0.hasPrefix("whsec_") && $0.utf8.count > 6 && $0.isOneWord }) else {
      throw Flaw(
        variable: "STRIPE_WEBHOOK_SECRETS", found: "something else (it may be a secret)",
        allowed: "signing secrets of webhook endpoints, whsec_…, separated by commas")
    }
    return secrets
  }

  private static func tax(_ text: String) throws(Flaw) -> TaxBehavior? {
    if text.isEmpty { return nil }
    guard let tax = TaxBehavior(rawValue: text) else {
      throw Flaw(
        variable: "STRIPE_TAX", found: text, allowed: "inclusive, exclusive, or nothing, by which no tax is taken")
    }
    return tax
  }

  private static func base(_ text: String) throws(Flaw) -> String {
    let base = text.hasSuffix("/") ? String(text.dropLast()) : text
    guard let parts = URLComponents(string: base), let host = parts.host, !host.isEmpty, parts.user == nil,
      parts.query == nil, parts.fragment == nil,
      parts.scheme == "https" || parts.scheme == "http" && ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host)
    else {
      throw Flaw(
        variable: "STRIPE_API_BASE", found: text,
        allowed: "\(stripe), or the address of a Stripe to test against on this machine, such as http://127.0.0.1:12111"
      )
    }
    return base
  }
}

extension String {
  /// Letters, digits and underscores: what a header can hold.
  fileprivate var isOneWord: Bool {
    utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }
}
