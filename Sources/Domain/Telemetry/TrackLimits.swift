/// What one track call may hold.
package struct TrackLimits: Hashable, Sendable {
  /// Bytes of the body, decompressed. 5 MB is 5,000 events of a kilobyte each.
  package var bodyBytes = 5_000_000
  /// Events in one request: enough to make the transaction cheap, few enough that one request never holds the log long.
  package var events = 5_000
  /// Levels of nesting in the body. Ours has three; the rest is room for fields we do not know yet.
  package var depth = 32
  /// Bytes of an endpoint, in UTF-8, unescaped.
  package var endpointBytes = 2_048
  /// Nanoseconds of a response time: one hour.
  package var responseTimeNanoseconds: Int64 = 3_600_000_000_000
  /// Characters of a label (a consumer, a release, an error), in code points: an id, an address of the web or a digest all fit.
  package var labelCharacters = 128
  /// Bytes of a request or of an answer: a terabyte, 2.2 Gbit/s for the whole hour that it may take at most. No more, so that the sum
  /// of nine million of them, many times the largest quota that is sold, is less than 2^63, and each is a number that JavaScript can hold.
  package var messageBytes = 1_000_000_000_000
  /// Bytes of an API key. Ours have 46; longer ones are refused before anything is looked up.
  package var apiKeyBytes = 128
  /// Names of ignored members in an answer, each of 64 characters: who sends more has not mistyped.
  package var ignoredNames = 20

  /// The limits as documented.
  package init() {}

  /// The limits as documented.
  package static let standard = TrackLimits()
}
