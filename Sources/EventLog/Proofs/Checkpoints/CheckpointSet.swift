/// Checkpoints as they are published and saved: one note after another, an empty line between them. They can be told apart
/// because a checkpoint's text has no empty line of its own.
package struct CheckpointSet: Sendable, Hashable, CustomStringConvertible {
  /// In any order; several of one shard may be there.
  package var notes: [SignedNote]

  /// Notes to be written.
  package init(_ notes: [SignedNote]) { self.notes = notes }

  /// As it is published.
  package var description: String { notes.map(\.description).joined(separator: "\n") }

  /// From its published form. Throws ``NoteError/notANote(_:)``, also when there is none in it.
  package init(parsing text: String) throws(NoteError) {
    let parts = text.replacing("\r\n", with: "\n").split(separator: "\n\n")
    guard !parts.isEmpty, parts.count % 2 == 0 else { throw .notANote("text without signatures, or nothing") }
    notes = []
    for index in stride(from: 0, to: parts.count, by: 2) {
      let signatures = parts[index + 1]
      notes.append(
        try SignedNote(parsing: "\(parts[index])\n\n\(signatures)\(signatures.hasSuffix("\n") ? "" : "\n")"))
    }
  }

  /// The checkpoints in it, whoever signed them. Throws ``NoteError/notANote(_:)``.
  package func checkpoints() throws(NoteError) -> [Checkpoint] {
    var checkpoints: [Checkpoint] = []
    for note in notes { checkpoints.append(try Checkpoint(parsing: note.text)) }
    return checkpoints
  }
}
