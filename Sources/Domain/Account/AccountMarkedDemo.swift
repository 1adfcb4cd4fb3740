package import struct Foundation.UUID

/// Nobody sends what this account tracks: it is made by a recipe, to show what Recount shows. It can't be anything else any more.
package struct AccountMarkedDemo: EventData {
  package static let kind = EventKind("account_marked_demo")
  /// Which account.
  package var accountID: UUID
  /// What the random numbers begin with.
  package var seed: Int64
  /// About how many requests thirty days have.
  package var monthlyRequests: Int
  /// Where the first hour (UTC) of requests begins.
  package var from: Instant

  /// The data of one such event.
  package init(accountID: UUID, _ recipe: DemoRecipe) {
    self.accountID = accountID
    (seed, monthlyRequests, from) = (recipe.seed, recipe.monthlyRequests, recipe.from)
  }

  /// What the requests follow from.
  var recipe: DemoRecipe { DemoRecipe(seed: seed, monthlyRequests: monthlyRequests, from: from) }
}
