package import Domain

/// What an account's tier does not have.
package struct TierLacks: Error, Equatable, CustomStringConvertible {
  /// What was asked for.
  package let gate: TierFeature

  /// Of what was asked for.
  package init(gate: TierFeature) { self.gate = gate }

  /// The cheapest tier that has it.
  package var tier: Tier { gate.lowestTier }

  /// What it is, and which tier has it.
  package var description: String { "the account's tier has no \(gate.words): \(tier.word) has" }
}
