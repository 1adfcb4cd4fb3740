import Application
import Domain
import EventLog
import Foundation
import HTTPTypes
import Hummingbird

/// What an auditor needs, so that nobody has to be trusted: the key, the checkpoints, and whether the log goes on from the checkpoint that somebody saved.
struct VerificationPages: Sendable {
  let site: Site
  let key: VerifierKey

  func add(to pages: inout PageRoutes) {
    pages.get("/settings/verification", for: .people, show)
  }

  private func show(_ call: PageCall) async throws -> PageAnswer {
    let tenant = try await site.tenant(of: call)
    let shard = site.tenancy.shard(of: tenant.account.id)
    let notes = try await site.tenancy.log.publishedCheckpoints.latest().notes
    var view = VerificationView(
      shard: shard, try notes.map(PublishedCheckpoint.init), key: "\(key)", address: site.address)
    if let size = call.parameter("size"), let root = call.parameter("root") {
      view.saved = try await saved(size: size, root: root, shard: shard)
    }
    return .page("settings/verification", title: "Verification", view, in: .settings)
  }

  /// Whether a checkpoint that somebody saved is of the log that is served now.
  private func saved(size text: String, root: String, shard: Int) async throws -> VerificationView.Saved {
    guard let size = Int64(text), size > 0 else {
      return VerificationView.Saved(
        size: text, root: root, isConsistent: false, text: "The tree size is a number from 1 on.")
    }
    do {
      let proof = try await site.tenancy.log.proofs(of: shard).consistency(from: size, to: nil)
      let isConsistent = proof.from.rootHash == root.trimmingCharacters(in: .whitespacesAndNewlines)
      let said =
        isConsistent
        ? "The log of today goes on from the one that you saved: \(Text.number(proof.to.treeSize)) batches now."
        : "The log of today does not go on from this checkpoint: its first \(Text.number(size)) batches have the root \(proof.from.rootHash)."
      return VerificationView.Saved(size: String(size), root: root, isConsistent: isConsistent, text: said)
    } catch {
      guard let problem = Problem(error), problem.kind.status.code < 500 else { throw error }
      return VerificationView.Saved(size: text, root: root, isConsistent: false, text: problem.detail.sentence)
    }
  }
}

/// The key and the latest checkpoints.
struct VerificationView: Sendable {
  let tabs: SettingsTabs
  let key, address, shard: String
  let rows: [Row]
  let isEmpty: Bool
  /// What came of the checkpoint that somebody saved; nil where none was given.
  var saved: Saved?

  struct Saved: Sendable {
    let size, root: String
    let isConsistent: Bool
    let text: String
  }

  struct Row: Sendable {
    let shard, batches, root: String
    let isOurs: Bool
  }

  init(shard: Int, _ checkpoints: [PublishedCheckpoint], key: String, address: String) {
    tabs = SettingsTabs(.verification)
    (self.key, self.address, self.shard) = (key, address, String(shard))
    rows = checkpoints.map { Row($0, ours: shard) }
    isEmpty = rows.isEmpty
  }
}

extension VerificationView.Row {
  fileprivate init(_ published: PublishedCheckpoint, ours: Int) {
    shard = String(published.checkpoint.shard)
    batches = Text.number(published.checkpoint.treeSize)
    root = published.checkpoint.root.base64
    isOurs = published.checkpoint.shard == ours
  }
}
