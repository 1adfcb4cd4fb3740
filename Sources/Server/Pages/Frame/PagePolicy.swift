import HTTPTypes

/// What a page may do in a browser: show what comes from here, and nothing else.
struct PagePolicy: Sendable {
  private let headers: [(HTTPField.Name, String)]

  /// Where a form may lead to beside here: browsers hold the redirect after it to the policy, too.
  static let payment = ["https://checkout.stripe.com", "https://billing.stripe.com", "https://invoice.stripe.com"]

  init(formTargets: [String] = []) {
    let forms = (["'self'"] + formTargets).joined(separator: " ")
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

  func add(to fields: inout HTTPFields) {
    for (name, value) in headers { fields[name] = value }
  }
}
