package import Foundation

/// The keys that checkpoints and statements are signed with, kept in a file outside the database: who can write the database
/// can write its history anew, but not sign it.
///
/// The file has a key a line, drawn at first use. Every note is signed with all of them; the first is the one that is published.
/// So a key is rotated without a gap: draw another (start any verb with RECOUNT_SIGNING_KEY set to a new path), put its
/// line above the old one, restart the servers. From then on notes bear both signatures, and whoever knows one of the keys can
/// verify them; after some months, when everyone has taken over the new key from notes that the old one vouches for,
/// remove the old line. A key that leaked is removed at once: what was signed with it before remains what others have saved.
package struct SigningKeys: Sendable {
  /// At least one.
  private let signers: [NoteSigner]

  /// Keys for as long as the process lives, for a log that nobody shall verify later. Throws ``NoteError``.
  package init(drawnFor name: String) throws(NoteError) { signers = [try NoteSigner(drawnFor: name)] }

  /// Those of a file; where there is none yet it is made, with a key just drawn that bears this name. However many processes do it
  /// at once, all end with the same key. Throws ``SigningKeyError`` or ``NoteError``.
  package init(file: URL, drawnFor name: String) throws {
    if !FileManager.default.fileExists(atPath: file.path) { try Self.draw(name, into: file) }
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int ?? 0
    guard mode & 0o077 == 0 else { throw SigningKeyError.readableByOthers(path: file.path, mode: mode) }
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    guard !lines.isEmpty else { throw SigningKeyError.empty(path: file.path) }
    signers = try lines.map { try NoteSigner(parsing: $0) }
  }

  /// The key that others verify with: the first.
  package var verifier: VerifierKey { signers[0].verifier }

  /// All keys that notes are signed with, the one to use first.
  package var verifiers: [VerifierKey] { signers.map(\.verifier) }

  /// Signs with every key. The text must end with a newline.
  package func sign(_ text: String) throws -> SignedNote {
    SignedNote(text: text, signatures: try signers.map { try $0.signature(of: text) })
  }

  private static func draw(_ name: String, into file: URL) throws {
    let folder = file.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let draft = folder.appending(path: ".\(file.lastPathComponent).\(UUID().uuidString)")
    defer { unlink(draft.path) }
    let descriptor = open(draft.path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw SigningKeyError.unwritable(path: file.path) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data((NoteSigner(drawnFor: name).secret + "\n").utf8))
    try handle.synchronize()
    // A link appears whole or not at all, and never in place of another process's.
    guard link(draft.path, file.path) == 0 || errno == EEXIST else {
      throw SigningKeyError.unwritable(path: file.path)
    }
  }
}

/// Why the file of signing keys won't do.
package enum SigningKeyError: Error, Equatable, CustomStringConvertible {
  /// Others on the machine can read it.
  case readableByOthers(path: String, mode: Int)
  /// It holds no key.
  case empty(path: String)
  /// It can't be made.
  case unwritable(path: String)

  /// Says what to do.
  package var description: String {
    switch self {
    case .readableByOthers(let path, let mode):
      "the signing key \(path) has mode \(String(mode, radix: 8)): allowed is 600, readable by its owner alone: chmod 600 it, "
        + "and draw another key if someone may have read it"
    case .empty(let path): "the signing key \(path) is empty: restore it from a backup, or remove it to have one drawn"
    case .unwritable(let path): "can't make the signing key \(path): its folder must exist and be yours to write to"
    }
  }
}
