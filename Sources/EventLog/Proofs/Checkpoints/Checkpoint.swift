package import Domain

/// What one shard's log was at a moment: the text of a checkpoint (c2sp.org/tlog-checkpoint). Who has saved one can prove later
/// whether anything before it was changed or has vanished.
///
///     localhost/recount/shard-0
///     1017                                            batches, the leaves of the tree
///     n8tKi2ixEnCWpcgqKL9RVJNBJPBkqMaLMBIV2ESo3T0=    root of the Merkle tree (RFC 6962) over their chain hashes
///     shard 0
///     position 41377                                  where the last of them ends
///     chain 5b0f…                                     its hash, in hex
///     time 2026-11-24T10:00:00Z
package struct Checkpoint: Sendable, Hashable {
  /// Which log: the signing key's name and the shard.
  package var origin: String
  /// Batches it covers.
  package var treeSize: Int64
  /// Of the Merkle tree over them.
  package var root: MerkleHash
  /// The chain.
  package var shard: Int
  /// Where the last batch covered ends; 0 for an empty shard.
  package var position: Int64
  /// The hash of that batch; 32 zero bytes for an empty shard.
  package var chain: MerkleHash
  /// When it was signed, to the second.
  package var time: Instant

  /// The origin's end names the shard, its rest the key: one key signs for all shards, so that there is one to publish and save.
  static func origin(_ name: String, shard: Int) -> String { "\(name)/shard-\(shard)" }

  /// What is signed.
  package var text: String {
    """
    \(origin)
    \(treeSize)
    \(root.base64)
    shard \(shard)
    position \(position)
    chain \(Hex.text(chain.bytes))
    time \(time.textToSecond)

    """
  }
}

extension Checkpoint {
  /// From its text, as ``text`` writes it. Throws ``NoteError/notANote(_:)``.
  package init(parsing text: String) throws(NoteError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func line(_ index: Int, _ label: String) throws(NoteError) -> Substring {
      guard lines.count == 8, lines[index].hasPrefix(label) else {
        throw .notANote("a text that is no checkpoint of Recount: \(text.prefix(80))")
      }
      return lines[index].dropFirst(label.count)
    }
    func whole(_ text: Substring, _ name: String) throws(NoteError) -> Int64 {
      guard let number = Int64(text), number >= 0, "\(number)" == text else {
        throw .notANote("\(text.prefix(40)) as \(name) of a checkpoint")
      }
      return number
    }
    origin = String(try line(0, ""))
    treeSize = try whole(line(1, ""), "tree size")
    guard let root = MerkleHash(base64: try line(2, "")) else { throw .notANote("a root that is no hash") }
    self.root = root
    shard = Int(try whole(line(3, "shard "), "shard"))
    position = try whole(line(4, "position "), "position")
    guard let chain = Hex.bytes(try line(5, "chain ")).flatMap({ MerkleHash($0) }) else {
      throw .notANote("a chain hash that is none")
    }
    self.chain = chain
    guard let time = Instant(String(try line(6, "time "))) else {
      throw .notANote("a time that is none")
    }
    self.time = time
    guard self.text == text else { throw .notANote("a checkpoint written otherwise than Recount writes it") }
  }
}
