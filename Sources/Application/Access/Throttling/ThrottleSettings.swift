/// How calls are throttled.
package struct ThrottleSettings: Sendable {
  /// Whether they are at all.
  package var isOn = true
  /// By how many servers a rate is divided where each goes by its share.
  package var servers = ServerCount()
  /// Where keys are counted for all servers together; nil: nowhere.
  package var shared: SharedBuckets?

  /// On, for a server that is alone until it is told otherwise.
  package init() {}

  /// Every call is let through: for tests of something else, which call as fast as they can.
  package static var off: ThrottleSettings {
    var settings = ThrottleSettings()
    settings.isOn = false
    return settings
  }
}
