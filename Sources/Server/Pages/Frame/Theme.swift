import Hummingbird

/// Whether pages are light or dark: of a browser, not of a person, who may sit before a bright screen and a dark one. A cookie that the server reads, so that no page
/// flashes, and no script is needed.
enum Theme: String, Sendable, CaseIterable {
  /// As the system has it.
  case system
  case light, dark

  /// Not one for each installation: it says nothing about anybody.
  private static let cookieName = "recount-theme"
  private static let lifetime = 365 * 86_400

  init(_ request: Request) {
    self = request.cookies[Self.cookieName].flatMap { Theme(rawValue: $0.value) } ?? .system
  }

  /// The class of the whole page; nil: it goes by the system.
  var css: String? { self == .system ? nil : rawValue }

  var name: String {
    switch self {
    case .system: "As the system has it"
    case .light: "Light"
    case .dark: "Dark"
    }
  }

  /// What keeps it, or takes away what was kept.
  func cookie(_ names: CookieNames) -> Cookie {
    self == .system
      ? names.without(Self.cookieName) : names.cookie(Self.cookieName, rawValue, seconds: Self.lifetime)
  }
}
