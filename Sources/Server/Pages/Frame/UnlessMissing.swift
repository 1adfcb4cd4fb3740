/// Nil where nobody has built the read model yet: the page says so, and shows the rest.
func unlessMissing<Value: Sendable>(_ ask: @Sendable () async throws -> Value) async throws -> Value? {
  do { return try await ask() } catch {
    guard Problem(error)?.kind == .projectionStopped else { throw error }
    return nil
  }
}
