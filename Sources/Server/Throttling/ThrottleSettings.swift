/// How calls are throttled.
public struct ThrottleSettings: Sendable {
  /// Whether they are at all.
  public var isOn = true
  /// By how many servers a rate is divided where each goes by its share.
  public var servers = ServerCount()
  /// Where keys are counted for all servers together; nil: nowhere.
  public var shared: SharedBuckets?

  /// On, for a server that is alone until it is told otherwise.
  public init() {}

  /// Every call is let through: for tests of something else, which call as fast as they can.
  public static var off: ThrottleSettings {
    var settings = ThrottleSettings()
    settings.isOn = false
    return settings
  }
}
