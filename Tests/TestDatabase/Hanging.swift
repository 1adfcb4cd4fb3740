package import Testing

extension TimeLimitTrait.Duration {
  /// How long a test may take, waiting at a gate for most of it: an hour, which no whole run takes, and which ends before CI does.
  ///
  /// It ends what hangs and measures nothing. A shorter one would run out on a slow machine for those that come last.
  package static let whatHangs = minutes(60)
}
