import Foundation
import TestDatabase
import Testing

/// An auditor who saves checkpoints and comes back, with the verbs as people type them.
@Suite struct CheckpointVerbTests {
  private struct Published: Decodable {
    struct Checkpoint: Decodable {
      let shard: Int
      let treeSize: Int
    }
    let checkpoints: [Checkpoint]
  }

  @Test func aSavedCheckpointHoldsTheOperatorToTheLog() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      for k in 0..<4 {
        _ = try await installation.run("account", "open", "--email", "owner\(k)@example.com", "--project", "shop")
      }
      let file = installation.folder.appending(path: "checkpoint.txt").path
      let saved = try await installation.run("audit", "checkpoint", "--output", file)
      #expect(saved.status == 0, "\(saved.output)")
      let answer = try await HTTP.get(port: installation.port, path: "/.well-known/recount/key", key: "")
      let key = String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      let published = try await HTTP.get(port: installation.port, path: "/.well-known/recount/checkpoints", key: "")
      #expect(try Data(contentsOf: URL(filePath: file)) == published, "what the server publishes is what was signed")

      let verify = ["audit", "verify", "--checkpoint", file]
      let held = try await installation.run(verify + ["--key", key])
      #expect(held.status == 0 && held.output.contains("They are signed by \(key)"), "\(held.output)")
      #expect(try await installation.run(verify).output.contains("NOT checked"))
      let stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
      #expect(try await installation.run(verify + ["--key", stranger]).status != 0)

      let list: Published = try await installation.get("/.well-known/recount/checkpoints?format=json", key: "")
      let shard = try #require(list.checkpoints.max { $0.treeSize < $1.treeSize }).shard
      try await prove(installation, shard, key: key)
      try await cutOff(installation, shard, verify: verify + ["--key", key])
    }
  }

  private func prove(_ installation: Installation, _ shard: Int, key: String) async throws {
    let proof = try await installation.run("audit", "prove", "--shard", "\(shard)", "--position", "1")
    let file = installation.folder.appending(path: "proof.json")
    try proof.output.write(to: file, atomically: true, encoding: .utf8)
    let checked = try await Verifier.run(["--proof", file.path, "--key", key])
    #expect(checked.status == 0 && checked.output.contains("batch 0 of shard \(shard)"), "\(checked.output)")
    let beyond = try await installation.run("audit", "prove", "--shard", "\(shard)", "--position", "1000000")
    #expect(beyond.status != 0)
  }

  /// The newest batch of a shard, with everything that knows of it.
  private func cutOff(_ installation: Installation, _ shard: Int, verify: [String]) async throws {
    try await installation.asOwner(
      """
      WITH ends AS (
        SELECT h.shard, b.last_position, b.hash FROM log.heads AS h
        JOIN log.batches AS c ON c.shard = h.shard AND c.last_position = h.last_position
        JOIN log.batches AS b ON b.shard = h.shard AND b.last_position = c.first_position - 1
        WHERE h.shard = \(shard)
      ), batches AS (
        DELETE FROM log.batches AS b USING ends AS e WHERE b.shard = e.shard AND b.last_position > e.last_position
      ), versions AS (
        DELETE FROM log.stream_versions AS v USING ends AS e WHERE v.shard = e.shard AND v.position > e.last_position
      ), trees AS (
        DELETE FROM log.tree WHERE shard = \(shard)
      ), checkpoints AS (
        DELETE FROM log.checkpoints WHERE shard = \(shard)
      )
      UPDATE log.heads AS h SET last_position = e.last_position, last_hash = e.hash FROM ends AS e WHERE h.shard = e.shard
      """)
    let alone = try await installation.run("audit", "verify")
    #expect(alone.status == 0, "the database alone can't tell: \(alone.output)")
    let caught = try await installation.run(verify)
    #expect(caught.status == 1 && caught.output.contains("its end was cut off"), "\(caught.output)")
  }
}
