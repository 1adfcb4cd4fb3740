import HTTPTypes

/// What a page may do in a browser: show what comes from here, and nothing else.
struct PagePolicy: Sendable {
  private let headers: [(HTTPField.Name, String)]

  /// - Parameter paymentOrigins: where forms lead on to besides: browsers hold redirects after a form to the policy, too.
  init(paymentOrigins: [String] = []) {
    let forms = (["'self'"] + paymentOrigins).joined(separator: " ")
    let policy = [
      "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
      "connect-src 'self'", "form-action \(forms)", "base-uri 'none'", "frame-ancestors 'none'",
      "require-trusted-types-for 'script'", "trusted-types 'none'",
    ]
    let fields = [
      ("Content-Security-Policy", policy.joined(separator: "; ")), ("Referrer-Policy", "same-origin"),
      ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
      (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()"
      ),
    ]
    headers = fields.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
  }

  /// Where Stripe has its pages: checkout, portal, invoices and their files.
  static let stripeOrigins = ["checkout", "billing", "invoice", "pay"].map { "https://\($0).stripe.com" }

  func add(to fields: inout HTTPFields) {
    for (name, value) in headers { fields[name] = value }
  }
  /// Of a page whose address is a secret: no link of it tells where it was clicked, and no search engine lists it.
  func hideAddress(in fields: inout HTTPFields) {
    for (name, value) in [("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex, nofollow")] {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
  }
}
