import Application
import Domain
import EventLog

/// What a stranger sees first.
struct LandingPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) {
    pages.get("/", for: .everybody, landing)
  }

  private func landing(_ call: PageCall) async throws -> PageAnswer {
    let notes = try await site.tenancy.log.publishedCheckpoints.latest().notes
    let checkpoints = try notes.map(PublishedCheckpoint.init)
    let demo = try await site.landingDemo(checkpoints, at: site.clock.now)
    return .page(
      "landing/landing", title: "API analytics that can prove its numbers",
      LandingView(
        checkpoints, demo, address: site.address, isKnown: call.visitor != nil, isSupported: site.isSupported,
        tax: site.billing.tax))
  }
}

/// The landing page, as its template sees it.
struct LandingView: Sendable {
  let address: String
  /// Whether whoever looks is logged in.
  let isKnown: Bool
  /// Whose number is shown, where there is one.
  let demo: LandingDemo?
  let proof: ProofOfLog?
  let tiers: [TierView]

  /// A number of this very installation, with what proves it.
  struct ProofOfLog: Sendable {
    let events, batches, root, time, note: String
    let shard: String
    /// How many chains there are; nil: one.
    let shards: String?
    /// Where it is proven that a later log goes on from it; nil before there is anything to prove.
    let consistency: String?
  }

  init(
    _ checkpoints: [PublishedCheckpoint], _ demo: LandingDemo?, address: String, isKnown: Bool, isSupported: Bool,
    tax: TaxBehavior?
  ) {
    (self.address, self.isKnown, self.demo) = (address, isKnown, demo)
    // The number's own chain: that of another would prove nothing of it.
    proof = ProofOfLog(checkpoints.filter { demo == nil || String($0.checkpoint.shard) == demo?.shard })
    tiers = TierView.all(isSupported: isSupported, tax: tax)
  }
}

extension LandingView.ProofOfLog {
  /// Of the checkpoint that covers most; nil before the first that covers anything.
  fileprivate init?(_ checkpoints: [PublishedCheckpoint]) {
    guard let shown = checkpoints.max(by: { $0.checkpoint.position < $1.checkpoint.position }),
      shown.checkpoint.position > 0
    else { return nil }
    let checkpoint = shown.checkpoint
    events = Text.number(checkpoints.reduce(0) { $0.addingSaturating($1.checkpoint.position) })
    batches = Text.number(checkpoint.treeSize)
    root = checkpoint.root.base64
    time = checkpoint.timeText
    note = "\(shown.note)"
    shard = String(checkpoint.shard)
    shards = checkpoints.count > 1 ? Text.number(Int64(checkpoints.count)) : nil
    consistency = "/.well-known/recount/checkpoints/\(checkpoint.shard)/consistency?from=\(checkpoint.treeSize)"
  }
}
