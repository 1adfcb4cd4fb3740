/// Whether a key's events are business or rehearsal: test events are accepted, shown apart and never count against the quota.
package enum KeyMode: String, Codable, Sendable, CaseIterable {
  case live, test
}

/// What a key opens.
package enum KeyScope: String, Codable, Sendable, CaseIterable {
  case track, read
}
