/// A read model that nobody has built yet: no projector has run, or it is at it for the first time.
package struct ReadModelMissing: Error, Sendable, Equatable {
  /// The projection's name.
  package let projection: String
}
