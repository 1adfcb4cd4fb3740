/// An endpoint of the shop that a demo is of.
struct DemoEndpoint: Sendable {
  let method: TrackedMethod
  /// With `#` where an id stands.
  let path: String
  /// Milliseconds that half of its answers take at most.
  let median: Double
  /// Bytes that half of its answers have at most; 0: none has any.
  let bytes: Double

  var hasID: Bool { path.contains("#") }

  /// What works behind the shop has a key of its own.
  var key: DemoKey {
    ["/v2/webhooks/", "/v2/exports", "/v2/imports"].contains { path.hasPrefix($0) } ? .worker : .shop
  }

  /// The path with ids: there are as many of each kind as there would be, and the older are asked for more.
  func endpoint(_ random: inout DemoRandom) -> String {
    guard hasID else { return path }
    var text = ""
    for part in path.split(separator: "#", omittingEmptySubsequences: false) {
      if !text.isEmpty { text += String(10_000 + random.rank(upTo: 4_000)) }
      text += part
    }
    return text
  }

  /// All of them, the one that is asked for most first.
  static let all: [DemoEndpoint] = [
    DemoEndpoint(method: .get, path: "/v2/products", median: 38, bytes: 18_000),
    DemoEndpoint(method: .get, path: "/v2/products/#", median: 21, bytes: 3_200),
    DemoEndpoint(method: .get, path: "/v2/search", median: 84, bytes: 9_400),
    DemoEndpoint(method: .get, path: "/v2/carts/#", median: 17, bytes: 1_900),
    DemoEndpoint(method: .post, path: "/v2/carts/#/items", median: 29, bytes: 900),
    DemoEndpoint(method: .get, path: "/v2/customers/#", median: 19, bytes: 1_400),
    DemoEndpoint(method: .post, path: "/v2/sessions", median: 62, bytes: 700),
    DemoEndpoint(method: .get, path: "/v2/orders/#", median: 26, bytes: 2_800),
    DemoEndpoint(method: .get, path: "/v2/categories", median: 14, bytes: 4_100),
    DemoEndpoint(method: .get, path: "/v2/products/#/reviews", median: 33, bytes: 6_300),
    DemoEndpoint(method: .get, path: "/v2/customers/#/orders", median: 47, bytes: 7_700),
    DemoEndpoint(method: .post, path: "/v2/orders", median: 118, bytes: 2_600),
    DemoEndpoint(method: .get, path: "/v2/prices/#", median: 9, bytes: 310),
    DemoEndpoint(method: .post, path: "/v2/payments", median: 340, bytes: 640),
    DemoEndpoint(method: .get, path: "/v2/inventory/#", median: 12, bytes: 280),
    DemoEndpoint(method: .post, path: "/v2/webhooks/payments", median: 44, bytes: 0),
    DemoEndpoint(method: .get, path: "/v2/categories/#/products", median: 41, bytes: 15_500),
    DemoEndpoint(method: .patch, path: "/v2/carts/#/items/#", median: 27, bytes: 880),
    DemoEndpoint(method: .get, path: "/v2/recommendations/#", median: 96, bytes: 5_200),
    DemoEndpoint(method: .delete, path: "/v2/carts/#/items/#", median: 22, bytes: 0),
    DemoEndpoint(method: .get, path: "/v2/orders/#/shipments", median: 31, bytes: 1_700),
    DemoEndpoint(method: .put, path: "/v2/customers/#/address", median: 35, bytes: 520),
    DemoEndpoint(method: .get, path: "/v2/shipments/#", median: 24, bytes: 1_100),
    DemoEndpoint(method: .post, path: "/v2/webhooks/shipments", median: 39, bytes: 0),
    DemoEndpoint(method: .get, path: "/v2/me", median: 11, bytes: 640),
    DemoEndpoint(method: .get, path: "/v2/coupons/#", median: 13, bytes: 260),
    DemoEndpoint(method: .post, path: "/v2/orders/#/refunds", median: 210, bytes: 480),
    DemoEndpoint(method: .get, path: "/v2/invoices/#", median: 52, bytes: 2_200),
    DemoEndpoint(method: .get, path: "/v2/invoices/#/pdf", median: 410, bytes: 86_000),
    DemoEndpoint(method: .post, path: "/v2/products/#/reviews", median: 48, bytes: 390),
    DemoEndpoint(method: .post, path: "/v2/exports", median: 730, bytes: 210),
    DemoEndpoint(method: .get, path: "/v2/exports/#", median: 28, bytes: 240_000),
    DemoEndpoint(method: .put, path: "/v2/products/#", median: 46, bytes: 3_200),
    DemoEndpoint(method: .post, path: "/v2/products", median: 57, bytes: 3_300),
    DemoEndpoint(method: .get, path: "/v2/stats/daily", median: 260, bytes: 12_400),
    DemoEndpoint(method: .delete, path: "/v2/sessions/#", median: 15, bytes: 0),
    DemoEndpoint(method: .post, path: "/v2/imports", median: 1_250, bytes: 180),
    DemoEndpoint(method: .get, path: "/v2/imports/#", median: 23, bytes: 560),
    DemoEndpoint(method: .get, path: "/v1/products/#", median: 64, bytes: 2_900),
    DemoEndpoint(method: .get, path: "/v1/orders/#", median: 71, bytes: 3_000),
  ]

  /// Who calls them, the busiest first.
  static let consumers = [
    "web-shop", "ios-app", "android-app", "partner-atlas", "partner-nimbus", "pos-berlin", "pos-lyon", "pos-porto",
    "marketplace-feed", "partner-heron", "warehouse-north", "warehouse-south", "support-desk", "price-compare",
    "newsletter", "partner-quill", "bookkeeping", "kiosk-airport", "partner-sable", "loyalty-cards", "affiliate-17",
    "affiliate-23", "affiliate-40", "intern-scripts",
  ]
}

/// Which of a demo's keys tracks a request.
package enum DemoKey: String, Sendable, CaseIterable {
  case shop, worker
}
