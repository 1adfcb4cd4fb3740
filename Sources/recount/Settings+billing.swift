import Application
import Configuration

extension Settings {
  /// Nil where no key is set.
  static func billing(_ environment: ConfigReader) throws -> BillingSettings? {
    guard let key = environment.string(forKey: "stripe.api.key", isSecret: true), !key.isEmpty else { return nil }
    do {
      return try BillingSettings(
        key: key, secrets: environment.string(forKey: "stripe.webhook.secrets", isSecret: true),
        base: environment.string(forKey: "stripe.api.base"), tax: environment.string(forKey: "stripe.tax"))
    } catch {
      throw SettingError(key: error.variable, found: error.found, allowed: error.allowed)
    }
  }
}
